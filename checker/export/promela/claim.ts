/** Properties as never claims, each behind a macro of its own, so that SPIN judges one at a time. */
import type { ExprData, Property } from "../../../models/language/index.ts";
import { commentText } from "../names.ts";
import { type Code, not } from "./code.ts";

/** How SPIN is asked about a property. */
export interface Claim {
  readonly id: string;
  readonly kind: Property["kind"];
  /** Name for `pan -N`. */
  readonly name: string;
  /** Name to define for SPIN's preprocessor. */
  readonly macro: string;
  /** What it is in the text: a condition of every state, a never claim about runs for ever, or an `ltl` formula about them. */
  readonly form: "states" | "runs" | "formula";
  /** How the verifier is called, beside `-N`: `-a` looks for runs for ever, `-f` for those that are weakly fair. */
  readonly args: readonly string[];
  /** True where SPIN's error means that the property holds: a goal that is reached. */
  readonly errorMeansHolds: boolean;
}

/** A property without a claim, and why. */
export interface LeftOut {
  readonly id: string;
  readonly reason: string;
}

export interface ClaimOptions {
  readonly condition: (expr: ExprData) => Code;
  /** Some step can be an error of the model. */
  readonly fallible: boolean;
  /** Unfair actors can do nothing for ever. */
  readonly idles: boolean;
  /** The variable that says that the last step was one where the assertion is false. */
  readonly failed: string;
  /** The text of its `ltl` formula; null where it has a never claim. */
  readonly formula: string | null;
}

export function claimText(property: Property, claim: Claim, options: ClaimOptions): string {
  return [
    `#ifdef ${claim.macro}`,
    `/* ${commentText(property.id)}: ${commentText(property.title)}.`,
    `   ${claim.errorMeansHolds ? "An error of SPIN is a run that gets there" : `If violated: ${commentText(property.says)}`} */`,
    ...(options.formula === null
      ? neverLines(property, claim, options)
      : [`ltl ${claim.name} { ${options.formula} }`]),
    "#endif",
    "",
  ].join("\n");
}

function neverLines(property: Property, { name }: Claim, options: ClaimOptions): readonly string[] {
  const lines = property.kind === "leadsTo" ? response(property, options) : always(property, options);
  return [`never ${name} {`, ...lines, "}"];
}

/** In every state. What is said of the state after an error of the model does not count. */
function always(property: Property, options: ClaimOptions): readonly string[] {
  const asserted = inEveryState(property, options);
  return ["  do", `  :: assert(${options.fallible ? `broken || ${asserted}` : asserted})`, "  od"];
}

function inEveryState(property: Property, { condition, failed }: ClaimOptions): string {
  switch (property.kind) {
    case "invariant":
      return bracketed(condition(property.holds));
    case "reachable":
      return bracketed(not(condition(property.goal)));
    case "deadlock":
      return `!halted || ${bracketed(condition(property.final))}`;
    case "assertion":
      return `!${failed}`;
  }
  throw new Error("a response is no invariant");
}

function bracketed({ text }: Code): string {
  return `(${text})`;
}

/** A run that reaches `from` and then never `to`; unfair actors that only do nothing are no such run. */
function response(
  property: Property & { readonly kind: "leadsTo" },
  { condition, fallible, idles }: ClaimOptions,
): readonly string[] {
  const from = bracketed(condition(property.from));
  const pending = `!${bracketed(condition(property.to))}${fallible ? " && !broken" : ""}`;
  const wait = ["  do", `  :: ${from} && ${pending} -> break`, "  :: true", "  od;", "accept:"];
  if (!idles) return [...wait, "  do", `  :: ${pending}`, "  od"];
  return [
    ...wait,
    "  if",
    `  :: ${pending} && !idle -> goto accept`,
    `  :: ${pending} && idle -> goto waiting`,
    "  fi;",
    "waiting:",
    "  if",
    `  :: ${pending} && !idle -> goto accept`,
    `  :: ${pending} && idle -> goto waiting`,
    "  fi",
  ];
}
