/** Names of a model as identifiers of another language: no reserved word, no name twice. */

/** Gives a free identifier close to the wanted name, and remembers it. */
export type TakeName = (wanted: string) => string;

/** @param reserved - words that the language or its tools use themselves */
export function nameTaker(reserved: readonly string[]): TakeName {
  const taken = new Set(reserved);
  return (wanted) => {
    const base = identifier(wanted);
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    taken.add(name);
    return name;
  };
}

/** Letters, digits and `_` only: `kmmscand:scan` becomes `kmmscand_scan`, `owner(mm0)` becomes `owner_mm0`. */
export function identifier(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return /^[A-Za-z]/.test(plain) ? plain : `x_${plain}`;
}

/** Text for a comment of one line: a model's words must not end the comment. */
export function commentText(text: string): string {
  return text
    .replaceAll(/[^\x20-\x7e]+/g, " ")
    .replaceAll(/[*(]+(?=[/*)])/g, " ")
    .replaceAll("\\", "/")
    .trim();
}
