/**
 * Orbits of representatives: how many states of the model each one stands for, which is the number of renamings over the
 * number of those that leave it as it is. Where every state has one representative and no two orbits share one, the sizes
 * add up to the number of all reachable states, exactly.
 */
import { sizeOf } from "../../models/language/index.ts";
import type { Program } from "../lower/program.ts";
import { nameBits, renamedWords } from "./permute.ts";

/** The sum of the sizes of the orbits of `count` packed states, which stand in `arena` one after the other. */
export function sumOfOrbits(
  { env, layout }: Program,
  arena: Int32Array,
  count: number,
  kinds: readonly string[],
): number {
  const all = kinds.reduce<readonly (readonly number[])[]>(
    (before, kind) =>
      before.flatMap((words) =>
        ordersOf(sizeOf(env.scope.identities, kind)).map((order) => [...words, ...packed(order)]),
      ),
    [[]],
  );
  const isFixed = new Function(fixedText(env, kinds))() as (...words: readonly number[]) => boolean;
  let sum = 0;
  for (let at = 0; at < count * layout.words; at += layout.words) {
    const state = arena.subarray(at, at + layout.words);
    let fixed = 0;
    for (const renaming of all) if (isFixed(...state, ...renaming)) fixed++;
    sum += all.length / fixed;
  }
  return sum;
}

/** All orders of so many individuals. */
function ordersOf(size: number): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  return ordersOf(size - 1).flatMap((order) =>
    Array.from({ length: size }, (_, at) => order.toSpliced(at, 0, size - 1)),
  );
}

/** The two words of a renaming: new names by individual, individuals by new name. */
function packed(order: readonly number[]): readonly [forth: number, back: number] {
  const bits = nameBits(order.length);
  const none = order.length << (order.length * bits);
  return order.reduce<readonly [number, number]>(
    ([forth, back], from, to) => [forth | (to << (from * bits)), back | (from << (to * bits))],
    [none, none],
  );
}

/** A function of a state's words and those of a renaming: true where the state is the same under its new names. */
function fixedText(env: Program["env"], kinds: readonly string[]): string {
  const { parameters, declarations, words } = renamedWords(env, kinds);
  const same = words.map((word, i) => `${word} === w${i}`);
  return `"use strict";\nreturn (${parameters}) => {\n${declarations}return ${same.join(" && ")};\n};\n`;
}
