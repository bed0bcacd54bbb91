/** A search that is cut, stored and gone on with, against one that is not: the results have the same bytes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CheckOptions,
  type CheckResult,
  check,
  type SavedCheck,
  type SnapshotArrays,
} from "../../checker/check.ts";
import { featuresOf, findModel } from "../../models/index.ts";
import type { Model } from "../../models/language/index.ts";
import { smallModel } from "../arbitrary/model.ts";
import { runs } from "../runs.ts";
import { apart } from "./support/apart.ts";
import { startAndAwait } from "./support/crew.ts";

/** What a file would hold: text, and bytes that nobody else sees. */
interface Stored {
  readonly text: string;
  readonly arrays: readonly [Int32Array, Int32Array];
}

const still = { now: () => 0, maxMemoryBytes: 2 ** 26 } as const;

/** One check that ends after so many looks at the limits, from where another one was stored. */
function part(
  model: Model,
  options: Partial<CheckOptions>,
  looks: number,
  from: Stored | null,
): { readonly result: CheckResult; readonly stored: Stored | null } {
  let stored: Stored | null = null;
  let left = looks;
  const save = (saved: SavedCheck, [arena, births]: SnapshotArrays) => {
    stored = { text: JSON.stringify(saved), arrays: [arena.slice(), births.slice()] };
  };
  const fill = ([arena, births]: SnapshotArrays) => {
    arena.set(from?.arrays[0] ?? []);
    births.set(from?.arrays[1] ?? []);
  };
  const result = check(model, {
    ...still,
    ...options,
    interrupted: () => left-- <= 0,
    checkpoints: { everySeconds: Number.POSITIVE_INFINITY, save },
    ...(from === null ? {} : { resume: { saved: JSON.parse(from.text) as SavedCheck, fill } }),
  });
  return { result, stored };
}

/** The check in parts of so many looks each; how many parts there were. */
function inParts(
  model: Model,
  options: Partial<CheckOptions>,
  looks: () => number,
  first: Stored | null = null,
) {
  let from = first;
  for (let parts = 1; ; parts++) {
    // A part that goes on looks once before it has done anything. Judging begins anew in each part: in time there are
    // looks enough for all of it.
    const again = from === null ? 0 : 1 + Math.floor(parts / 20);
    const { result, stored } = part(model, options, looks() + again, from);
    const interrupted = "the search was interrupted";
    const isCut =
      result.cut === interrupted ||
      result.coverage.cut === interrupted ||
      result.properties.some(({ reason }) => reason.endsWith(interrupted));
    if (!isCut) return { result, parts };
    from = stored;
  }
}

function catalogued(name: string, sizes: Readonly<Record<string, number>> = {}): Model {
  const entry = findModel(name);
  if (entry === undefined) throw new Error(`no model ${name}`);
  const parameters = Object.fromEntries(Object.entries(entry.parameters).map(([key, p]) => [key, p.default]));
  const patch = entry.patches[0] ?? null;
  return entry.build({ patch, features: featuresOf(entry, patch), parameters: { ...parameters, ...sizes } });
}

const daemon = catalogued("system", { mms: 1, folios: 1, queue: 1 });
const reduced = { reduce: ["por"], shortest: true } as const;

describe("a search that is cut again and again ends as one that is not", () => {
  test.each([
    ["a protocol with a formula, after every level", catalogued("two-phase-commit"), {}, 1, 6],
    ["the throttle, with coverage", catalogued("throttle"), { coverage: true }, 5, 6],
    ["with partial order, and again without for a shortest run", apart(6), reduced, 1, 12],
    ["its first violation", apart(6), { ...reduced, stopAtFirst: true }, 1, 9],
    ["a limit of states", apart(9), { maxStates: 40 }, 1, 5],
  ] as const)("%s", (_, model, options: Partial<CheckOptions>, looks, least) => {
    const whole = check(model, { ...still, ...options });
    const { result, parts } = inParts(model, options, () => looks);
    expect(JSON.stringify(result)).toBe(JSON.stringify(whole));
    expect(parts).toBeGreaterThanOrEqual(least);
  });

  test("random models, cut where a limit or an interrupt divides a block", () => {
    fc.assert(
      fc.property(
        smallModel(200),
        fc.nat(200),
        fc.infiniteStream(fc.integer({ min: 1, max: 4 })),
        fc.boolean(),
        (model, maxStates, looks, stopAtFirst) => {
          const whole = JSON.stringify(check(model, { ...still, stopAtFirst }));
          const first = part(model, { stopAtFirst, maxStates: maxStates + 1 }, 1000, null);
          if (first.stored === null) {
            expect(JSON.stringify(first.result)).toBe(whole);
            return;
          }
          const { result } = inParts(model, { stopAtFirst }, () => looks.next().value ?? 1, first.stored);
          expect(JSON.stringify(result)).toBe(whole);
        },
      ),
      runs(5),
    );
  });
});

test("what was stored may be gone on with by more threads, and by one again", () => {
  const options = { properties: ["S04", "S05"], maxStates: 2500 };
  const whole = JSON.stringify(check(daemon, { ...still, ...options }));
  const crew = { workers: 3, startThread: startAndAwait, crewFrom: { seconds: 0, block: 1 } };
  const first = part(daemon, { ...options, maxStates: 600 }, 1000, null);
  const second = part(daemon, { ...options, ...crew, maxStates: 1500 }, 1000, first.stored);
  expect(second.result.statistics.states).toBeGreaterThan(first.result.statistics.states);
  expect(JSON.stringify(part(daemon, options, 1000, second.stored).result)).toBe(whole);
});

test("a snapshot of another search is refused", () => {
  const { stored } = part(daemon, { maxStates: 100, properties: ["S04"] }, 1000, null);
  const other = catalogued("two-phase-commit");
  expect(() => part(other, {}, 1000, stored)).toThrow("a snapshot is of another search");
});
