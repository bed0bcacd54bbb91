/** The lazy automaton of beliefs against sets of states that are followed one by one on the reference evaluator. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Emission, flatten, type Patch, type State } from "../../../models/index.ts";
import { ANYWHERE, createBeliefs, NOTHING, PREFIXES } from "../../../traces/conform/beliefs.ts";
import { modelOf } from "../../../traces/conform/conformance.ts";
import { graphOf } from "../../../traces/conform/graph.ts";
import { Kind } from "../../../traces/event.ts";
import { exploreNaively } from "../../oracle/naive-explorer.ts";

/** What an event shows, as words, told apart by another way than the alphabet's numbers. */
const kinds = [
  "kmem_mm_enter",
  "kmem_mm_exit",
  "kmem_scan_mm_start",
  "kmem_scan_mm_end",
  "kmem_scan_mm_migrate",
];

function words({ event, args }: Emission): string {
  const mm = args["mm"];
  if (mm?.kind === "id" && mm.value === 1)
    return event === "kmem_scan_mm_migrate" ? "other migrate" : "other scan";
  const flag = event === "kmem_scan_mm_end" ? args["total"] : args["rc"];
  return flag?.kind === "int" && flag.value !== 0 ? `${event} not 0` : event;
}

/** All words that stand for an event of the mm itself, with the symbol of the alphabet. */
const symbols: readonly (readonly [string, number])[] = [
  ["kmem_mm_enter", 2 * Kind.mmEnter],
  ["kmem_mm_exit", 2 * Kind.mmExit],
  ["kmem_scan_mm_start", 2 * Kind.scanStart],
  ["kmem_scan_mm_end", 2 * Kind.scanEnd],
  ["kmem_scan_mm_end not 0", 2 * Kind.scanEnd + 1],
  ["kmem_scan_mm_migrate", 2 * Kind.migrate],
  ["kmem_scan_mm_migrate not 0", 2 * Kind.migrate + 1],
];
const others = [
  [],
  ["other scan"],
  ["other migrate"],
  ["other scan", "other migrate"],
  ["other migrate", "other scan"],
];

interface Naive {
  readonly states: readonly string[];
  readonly edges: ReadonlyMap<string, readonly { readonly shown: string | null; readonly to: string }[]>;
}

function naive(patch: Patch): Naive {
  const edges = new Map<string, { shown: string | null; to: string }[]>();
  const key = (state: State) => JSON.stringify(state);
  exploreNaively(
    flatten(modelOf(patch)),
    (state) => {
      if (!edges.has(key(state))) edges.set(key(state), []);
    },
    (before, step, after) => {
      edges.get(key(before))?.push({ shown: step.emits === null ? null : words(step.emits), to: key(after) });
    },
  );
  return { states: [...edges.keys()], edges };
}

/** One event: every state it may have been shown from, then everything silent. */
function follow(
  { edges }: Naive,
  from: ReadonlySet<string>,
  shown: string,
  hidden: ReadonlySet<string>,
): Set<string> {
  const silent = (word: string | null) => word === null || hidden.has(word.split(" ")[0] ?? "");
  const found = new Set<string>();
  for (const state of from)
    for (const edge of edges.get(state) ?? []) if (edge.shown === shown) found.add(edge.to);
  for (const state of found)
    for (const edge of edges.get(state) ?? []) if (silent(edge.shown)) found.add(edge.to);
  return found;
}

describe.each<[Patch, number, number]>([
  ["v0", 322, 824],
  ["v1", 456, 2141],
  ["v3", 1083, 4574],
])("%s", (patch, states, transitions) => {
  const graph = graphOf(modelOf(patch));
  const slow = naive(patch);

  test("has as many states both ways", () => {
    expect(graph.states).toBe(states);
    expect(slow.states.length).toBe(states);
    expect(graph.edges.targets.length).toBe(transitions);
    expect([...slow.edges.values()].flat().length).toBe(transitions);
  });

  test("follows any sequence of events as sets of states do", () => {
    const event = fc.record({ symbol: fc.nat(symbols.length - 1), prefix: fc.nat(PREFIXES.length - 1) });
    const recorded = fc.subarray([1, 2, 3, 4, 5], { minLength: 3 });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 12 }), recorded, (events, seen) => {
        const beliefs = createBeliefs(graph);
        for (const kind of seen) beliefs.reveal(kind as Kind);
        const hidden = new Set(kinds.filter((_, i) => !seen.includes(i + 1)));
        let belief = ANYWHERE;
        let set: Set<string> = new Set(slow.states);
        for (const { symbol, prefix } of events) {
          const [word, number] = symbols[symbol]!;
          if (!seen.includes(number >> 1)) continue;
          belief = beliefs.step(belief, prefix, number);
          for (const shown of [...others[prefix]!, word]) set = follow(slow, set, shown, hidden);
          expect(statesOf(belief)).toEqual([...set].sort());
          if (belief === NOTHING) return;
        }

        function statesOf(number: number): readonly string[] {
          return [...beliefs.members(number)].map((state) => JSON.stringify(graph.stateAt(state))).sort();
        }
      }),
      { numRuns: 12 },
    );
  });
});

test.each<[Patch, number]>([
  ["v0", 13],
  ["v1", 50],
])("%s has only %i beliefs in all, so memory does not grow with the log", (patch, count) => {
  const beliefs = createBeliefs(graphOf(modelOf(patch)));
  for (const kind of [1, 2, 3, 4, 5] as const) beliefs.reveal(kind);
  for (let belief = ANYWHERE; belief < beliefs.count(); belief++)
    for (const [, symbol] of symbols)
      for (let prefix = 0; prefix < PREFIXES.length; prefix++) beliefs.step(belief, prefix, symbol);
  expect(beliefs.count()).toBe(count);
});
