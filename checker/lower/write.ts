/** Changes of a packed state as text: where bits change, and each word after the changes. */
import type { Step } from "../../models/language/index.ts";
import type { Block } from "./emit.ts";
import type { Environment } from "./expression.ts";
import type { Range, Slot } from "./layout.ts";
import { constant, type IntNode } from "./node.ts";
import { lengthOf, partOf, type Symbolic, toCode } from "./value.ts";

/** A change of `bits` bits of a word, from bit `shift + at` up. */
export interface Write {
  readonly word: number;
  readonly shift: number;
  readonly at: IntNode;
  readonly bits: number;
  readonly value: IntNode;
}

/** The write of the program point to which a step leads. */
export function pointWrite(step: Step, env: Environment): readonly Write[] {
  if (step.to === step.from) return [];
  return [wholeRange(env.layout.points[step.instance]!, constant(step.to))];
}

/** What variables that differ from those of the environment write. */
export function variableWrites(variables: ReadonlyMap<string, Symbolic>, env: Environment): readonly Write[] {
  const writes: Write[] = [];
  for (const [name, value] of variables) {
    const before = env.variables.get(name)!;
    if (value !== before) collectWrites(env.layout.slots[name]!, before, value, env, writes);
  }
  return writes;
}

function collectWrites(
  slot: Slot,
  before: Symbolic,
  after: Symbolic,
  env: Environment,
  writes: Write[],
): void {
  if (before === after) return;
  const { identities } = env.scope;
  if (slot.form === "flat") {
    writes.push(...rangeWrites(slot.range, toCode({ ...after, sort: slot.sort }, identities)));
    return;
  }
  if (slot.length !== null) {
    const length = lengthOf(after);
    if (length !== lengthOf(before)) writes.push(wholeRange(slot.length, length));
  }
  slot.parts.forEach((part, i) => {
    collectWrites(part, partOf(before, i, identities), partOf(after, i, identities), env, writes);
  });
}

/** The range as a whole gets a value. */
export function wholeRange({ word, shift, bits }: Range, value: IntNode): Write {
  return { word, shift, at: constant(0), bits, value };
}

/** A range that was changed by insertions only is written where they are, not as a whole. */
function rangeWrites(range: Range, code: IntNode): readonly Write[] {
  const inserts: Write[] = [];
  let base = code;
  while (base.op === "insert") {
    inserts.unshift({
      word: range.word,
      shift: range.shift,
      at: base.at,
      bits: base.bits,
      value: base.value,
    });
    base = base.into;
  }
  const untouched = base.op === "read" && base.range.word === range.word && base.range.shift === range.shift;
  return untouched ? inserts : [wholeRange(range, code)];
}

/** The successor's word: constant places first, all at once, then those known only when running, in order. */
export function wordText(word: number, writes: readonly Write[], block: Block): string {
  const mine = writes.filter((write) => write.word === word && write.bits > 0);
  let text = `w${word}`;
  let rest = mine;
  while (rest.length > 0) {
    const fixed = rest.findIndex((write) => write.at.op !== "const");
    const batch = fixed < 0 ? rest : rest.slice(0, fixed);
    text = batchText(text, batch, block);
    const dynamic = fixed < 0 ? undefined : rest[fixed];
    if (dynamic !== undefined) {
      const at =
        dynamic.shift === 0 ? block.int(dynamic.at) : `(${block.int(dynamic.at)} + ${dynamic.shift})`;
      const mask = 2 ** dynamic.bits - 1;
      text = `((${text} & ~(${mask} << ${at})) | (${block.int(dynamic.value)} << ${at}))`;
    }
    rest = fixed < 0 ? [] : rest.slice(fixed + 1);
  }
  return text;
}

function batchText(from: string, batch: readonly Write[], block: Block): string {
  // A later write to the same place replaces an earlier one.
  const last = new Map<number, Write>();
  let overlap = false;
  let covered = 0;
  for (const write of batch) {
    const start = write.shift + (write.at.op === "const" ? write.at.value : 0);
    const mask = maskOf(start, write.bits);
    const same = last.get(start);
    if (same !== undefined && same.bits === write.bits) last.set(start, write);
    else {
      if ((covered & mask) !== 0) overlap = true;
      last.set(start, write);
    }
    covered |= mask;
  }
  if (overlap) {
    return batch.reduce((text, write) => batchText(text, [write], block), from);
  }
  if (last.size === 0) return from;
  let bitsSet = 0;
  const terms: string[] = [];
  for (const [start, { value }] of last) {
    if (value.op === "const") bitsSet |= value.value << start;
    else terms.push(start === 0 ? block.int(value) : `(${block.int(value)} << ${start})`);
  }
  const kept = covered === -1 ? [] : [`(${from} & ${~covered})`];
  const all = [...kept, ...(bitsSet === 0 ? [] : [`${bitsSet}`]), ...terms];
  return all.length === 0 ? "0" : `(${all.join(" | ")})`;
}

function maskOf(start: number, bits: number): number {
  return bits === 32 ? -1 : (2 ** bits - 1) << start;
}
