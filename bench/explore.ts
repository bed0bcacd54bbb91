/** Exploring: ours beside other checkers on the same model, and how it grows. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exploreKmm, nameOf, type Scope } from "./contenders.ts";
import { handWritten, type Prepared, spin, tlc, xstateGraph } from "./peers.ts";
import { type Contender, type Measured, runInTurn } from "./run.ts";
import type { Section } from "./table.ts";

const scopes = {
  against: { mms: 2, folios: 3, queue: 2, states: 4_032_890 },
  againstLarge: { mms: 2, folios: 4, queue: 1, states: 29_929_266 },
  xstate: { mms: 1, folios: 2, queue: 2, states: 12_503 },
  xstateLarge: { mms: 2, folios: 2, queue: 1, states: 260_387 },
} as const satisfies Readonly<Record<string, Scope>>;

/** Ten times as many states each time. */
const growth: readonly Scope[] = [
  { mms: 1, folios: 2, queue: 1, states: 9_677 },
  { mms: 1, folios: 3, queue: 1, states: 103_575 },
  { mms: 1, folios: 4, queue: 1, states: 1_065_223 },
  { mms: 1, folios: 5, queue: 1, states: 10_643_463 },
  { mms: 1, folios: 6, queue: 1, states: 104_046_599 },
];

const thousands = { name: "kstates", size: 1000 };

/** All that this machine can run on the same model, and `@xstate/graph` on a smaller one. */
export async function benchExplore(large: boolean, repetitions: number): Promise<readonly Section[]> {
  const scope = large ? scopes.againstLarge : scopes.against;
  const folder = mkdtempSync(join(tmpdir(), "kmmcheck-bench-"));
  try {
    const prepared: readonly Prepared[] = [
      exploreKmm(scope, [], "process"),
      exploreKmm(scope, ["--workers", "2"], "process"),
      spin(scope, folder),
      handWritten(scope, folder, process.env["PEER_JS"]),
      tlc(scope, folder, process.env["TLC_JAR"]),
    ];
    const contenders = prepared.filter((one): one is Contender => typeof one !== "string");
    const small = large ? scopes.xstateLarge : scopes.xstate;
    return [
      {
        title: `explore ${titleOf(scope)}`,
        unit: thousands,
        rows: await runInTurn(contenders, repetitions),
        byRate: false,
        notes: prepared.filter((one) => typeof one === "string"),
      },
      {
        title: `explore ${titleOf(small)}, the search alone`,
        unit: thousands,
        rows: await runInTurn([exploreKmm(small, [], "search"), xstateGraph(small)], repetitions),
        byRate: false,
        notes: ["CPU s and MB are those of the whole process."],
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** States a second and memory from 10^4 states to 10^7, or to 10^8. */
export async function benchGrowth(large: boolean): Promise<Section> {
  const rows: Measured[] = [];
  for (const scope of large ? growth : growth.slice(0, -1)) {
    const [row] = await runInTurn([exploreKmm(scope, [], "search")], 1);
    if (row !== undefined) rows.push({ ...row, name: titleOf(scope) });
  }
  return {
    title: "explore, ten times as many states each time, the search alone",
    unit: thousands,
    rows,
    byRate: true,
    notes: ["One run each; rates are compared: above 1, the first row's is higher."],
  };
}

function titleOf(scope: Scope): string {
  return `${nameOf(scope)}, ${scope.states.toLocaleString("en")} states`;
}
