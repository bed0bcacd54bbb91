/**
 * Fairness in Promela. SPIN's `-f` is weak fairness of every process. So under it actors without fairness may do nothing,
 * marked `idle`, and a run that is idle for ever does not count. SPIN has no strong fairness: there `idle` is false
 * only when each strongly fair instance has had its turn once more. It has moved, or was given up, and one that can move
 * after that makes the turns end; whether and when one is given up is a free choice of the process `watcher`.
 */
import type { System } from "../../../models/language/index.ts";
import type { Claim } from "./claim.ts";
import { section } from "./section.ts";

export interface RunFairness {
  /** How the verifier looks for runs. */
  readonly args: readonly string[];
  /** True where an unfair actor must be able to do nothing for ever. */
  readonly idles: boolean;
  /** Positions of the strongly fair instances. */
  readonly strong: readonly number[];
}

export function runFairness({ instances }: System): RunFairness {
  const some = (wanted: string) => instances.some(({ actor }) => actor.fairness === wanted);
  const strong = instances.flatMap(({ actor }, position) => (actor.fairness === "strong" ? [position] : []));
  return { args: some("weak") ? ["-a", "-f"] : ["-a"], idles: some("weak") && some("none"), strong };
}

/** True where a run counts only if it is not idle from some point on. */
export function marksIdle({ idles, strong }: RunFairness): boolean {
  return idles || strong.length > 0;
}

/** True where one more process takes part where a property on runs is asked for. */
export function addsProcess({ args, strong }: RunFairness): boolean {
  return args.includes("-f") || strong.length > 0;
}

/** The variables, macros and the process; they cost nothing where no property on runs is asked for. */
export function fairnessText(
  fairness: RunFairness,
  claims: readonly Claim[],
  stuck: readonly string[],
): string {
  if (!addsProcess(fairness)) return "";
  const asked = `#if ${claims.map(({ macro }) => `defined(${macro})`).join(" || ")}`;
  const { strong, idles } = fairness;
  if (strong.length === 0) {
    const about = idles
      ? ["Actors without fairness: SPIN treats all alike, so they may do nothing, marked `idle`."]
      : [];
    const title = [
      ...about,
      "Runs that end stay where they are: SPIN 6.5.2 under -f misses one that ends where it starts",
    ];
    return section(title.join("\n   "), [
      asked,
      "#define RUNS",
      ...(idles ? ["bool idle;", "#define MOVES idle = false;"] : []),
      "active proctype stays() {",
      "end:",
      "  do",
      "  :: d_step { halted -> skip }",
      "  od",
      "}",
      ...(idles ? ["#else", "#define MOVES"] : []),
      "#endif",
    ]);
  }
  const all = strong.length;
  const spoilt = strong.map((position, k) => `given_up[${k}] && !${stuck[position]}`);
  const lines = [
    asked,
    "#define RUNS",
    "bool idle;",
    `bool given_up[${all}];`,
    `byte owed; /* whose turn it is; ${all + 1}: one that was given up could move */`,
    "inline turn(who) {",
    "  idle = true;",
    "  if",
    `  :: ${spoilt.join(" || ")} -> owed = ${all + 1}`,
    "  :: else",
    "  fi;",
    ...strong.flatMap((_, k) => [
      "  if",
      `  :: owed == ${k} && (given_up[${k}] || who == ${k}) -> owed = ${k + 1}`,
      "  :: else",
      "  fi;",
    ]),
    "  if",
    `  :: owed == ${all} -> owed = 0; idle = false`,
    "  :: else",
    "  fi",
    "}",
    "#define TURN(who) turn(who);",
    "active proctype watcher() {",
    "end:",
    "  do",
    "  :: d_step { halted -> idle = false }",
    "  :: d_step { !halted -> idle = true }",
    ...strong.map(
      (position, k) =>
        `  :: d_step { !given_up[${k}] && ${stuck[position]} -> given_up[${k}] = true; idle = true }`,
    ),
    "  od",
    "}",
    "#else",
    "#define TURN(who)",
    "#endif",
  ];
  return section(
    "Strong fairness, which SPIN has not: `idle` is false when each such actor has moved once more, or was given up",
    lines,
  );
}
