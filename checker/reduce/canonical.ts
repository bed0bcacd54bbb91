/**
 * Canonical representatives: of all states that differ by names only, the one with the smallest words among those whose
 * individuals stand in the order of their signatures. All orders of equal signatures are tried, so the answer is exact.
 */
import { sizeOf } from "../../models/language/index.ts";
import { Block } from "../lower/emit.ts";
import type { Environment } from "../lower/expression.ts";
import { nameBits, renamedWords } from "./permute.ts";
import { factsOf, signatureText } from "./signature.ts";

/** Definition of `canonical(w0, ...)`, which leaves the representative in `c0, c1, ...`. */
export function canonicalText(env: Environment, kinds: readonly string[]): string {
  const { words } = env.layout;
  const state = Array.from({ length: words }, (_, i) => `w${i}`).join(", ");
  const sizes = kinds.map((kind) => sizeOf(env.scope.identities, kind));
  const block = new Block();
  const facts = kinds.map((kind, k) =>
    Array.from({ length: sizes[k]! }, (_, name) => factsOf(env, kinds, kind, name)),
  );
  for (const chunk of facts.flat(2)) block.use(chunk);
  const declarations = block.declarations();
  const signatures = facts.flatMap((rows, k) =>
    rows.map((chunks, name) => signatureText(`s${k}_${name}`, chunks, block)),
  );
  const lists = sizes.map((size, k) => {
    const code = pairs(size).reduceRight((rest, [a, b]) => {
      const [left, right] = [`s${k}_${a}`, `s${k}_${b}`];
      return `(${left} < ${right} ? 0 : ${left} === ${right} ? 1 : 2)${rest === "" ? "" : ` + 3 * (${rest})`}`;
    }, "");
    return `const code${k} = ${code};\nlet list${k} = orders${k}[code${k}];\nif (list${k} === undefined) list${k} = orders${k}[code${k}] = ordersOf(${size}, ${nameBits(size)}, code${k});\n`;
  });
  const same = sizes.map((size, k) => `list${k}.length === 2 && list${k}[0] === ${namesOf(size)}`);
  const loops = kinds.map((_, k) => `for (let i${k} = 0; i${k} < list${k}.length; i${k} += 2)\n`);
  const renaming = kinds.map((_, k) => `list${k}[i${k}], list${k}[i${k} + 1]`);
  return `${ordersText}${sizes.map((_, k) => `const orders${k} = [];\n`).join("")}${renamedText(env, kinds)}function canonical(${state}) {
${declarations}${signatures.join("")}${lists.join("")}if (${same.join(" && ")}) {
${assigned(words, (i) => `w${i}`)}
return;
}
freshOrder = true;
${loops.join("")}renamed(${[state, ...renaming].join(", ")});
}
`;
}

/** The packed names of a renaming that changes nothing. */
function namesOf(size: number): number {
  return Array.from({ length: size + 1 }, (_, i) => i << (i * nameBits(size))).reduce((a, b) => a | b);
}

function pairs(size: number): readonly (readonly [number, number])[] {
  return Array.from({ length: size }, (_, a) =>
    Array.from({ length: size - a - 1 }, (_, i) => [a, a + 1 + i] as const),
  ).flat();
}

function assigned(words: number, value: (i: number) => string): string {
  return Array.from({ length: words }, (_, i) => `c${i} = ${value(i)};`).join(" ");
}

/** `renamed(w0, ...)`: keeps the renamed state if it is the first or smaller than what was kept. */
function renamedText(env: Environment, kinds: readonly string[]): string {
  const { parameters, declarations, words } = renamedWords(env, kinds);
  const made = words.map((word, i) => `const m${i} = ${word};\n`);
  const smaller = words.reduceRight<string>(
    (rest, _, i) => `m${i} < c${i}${rest === "" ? "" : ` || m${i} === c${i} && (${rest})`}`,
    "",
  );
  return `let freshOrder = false;
function renamed(${parameters}) {
${declarations}${made.join("")}if (freshOrder || ${smaller}) {
freshOrder = false;
${assigned(words.length, (i) => `m${i}`)}
}
}
`;
}

/**
 * `ordersOf(size, bits, code)`: the renamings that put individuals in an order which the comparisons in the code allow, two
 * words each: new names by individual, individuals by new name.
 */
const ordersText = `function ordersOf(size, bits, code) {
const larger = [];
for (let a = 0; a < size; a++) for (let b = a + 1; b < size; b++) {
const digit = code % 3;
code = (code - digit) / 3;
if (digit === 2) larger.push([a, b]);
if (digit === 0) larger.push([b, a]);
}
const found = [];
const place = (order) => {
if (order.length === size) {
let forth = size << (size * bits), back = forth;
order.forEach((a, i) => { forth |= i << (a * bits); back |= a << (i * bits); });
found.push(forth, back);
return;
}
for (let a = 0; a < size; a++) {
if (order.includes(a) || larger.some(([x, y]) => x === a && !order.includes(y))) continue;
place([...order, a]);
}
};
place([]);
return Int32Array.from(found);
}
`;
