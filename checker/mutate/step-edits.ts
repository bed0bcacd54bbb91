/** All edits of one step. */
import type { Effect, ExprData, Model, TransitionData } from "../../models/language/index.ts";
import { type Change, type Edit, type Path, without } from "./edit.ts";
import { type Holders, holdersIn, isHistory } from "./history.ts";

/** The edits of a step, operator by operator; `path` leads to the step. */
export function stepEdits(model: Model, step: TransitionData, path: Path): readonly Edit[] {
  const lists = effectLists(model, step, path);
  return [
    ...guardEdits(step, path),
    ...lists.flatMap(testEdits),
    ...lockEdits(step, path),
    ...lists.flatMap(dropEdits),
    ...lists.flatMap(swapEdits),
    ...constantEdits(step, path),
    ...lists.flatMap(effectConstantEdits),
  ];
}

/** Effects that stand in one list, with those left out of account that only history sees. */
interface EffectList {
  readonly path: Path;
  readonly effects: readonly Effect[];
  readonly counts: readonly boolean[];
}

function effectLists(model: Model, step: TransitionData, path: Path): readonly EffectList[] {
  const listsIn = (effects: readonly Effect[], at: Path, holders: Holders): readonly EffectList[] => {
    const counts = effects.map((effect) => !isHistory(model, effect, holders));
    const inner = effects.flatMap((effect, i) => {
      if (effect.kind === "when") {
        return [
          ...listsIn(effect.then, [...at, i, "then"], holders),
          ...listsIn(effect.else, [...at, i, "else"], holders),
        ];
      }
      return effect.kind === "each" ? listsIn(effect.do, [...at, i, "do"], holdersIn(effect, holders)) : [];
    });
    return [{ path: at, effects, counts }, ...inner];
  };
  return (step.actions ?? []).flatMap(({ params }, i) =>
    listsIn(params, [...path, "actions", i, "params"], {}),
  );
}

/** A condition that stands alone or in a conjunction, and what the whole is without it; null where nothing is left. */
interface Conjunct {
  readonly condition: ExprData;
  readonly rest: ExprData | null;
}

function conjunctsOf(whole: ExprData): readonly Conjunct[] {
  if (whole.kind !== "and") return [{ condition: whole, rest: null }];
  return whole.of.flatMap((part, i) =>
    conjunctsOf(part).map(({ condition, rest }) => ({
      condition,
      rest: {
        ...whole,
        of: rest === null ? without(whole.of, i) : whole.of.map((other, k) => (k === i ? rest : other)),
      },
    })),
  );
}

function guardEdits(step: TransitionData, path: Path): readonly Edit[] {
  if (step.guard === undefined) return [];
  return conjunctsOf(step.guard.params).map((conjunct) => ({
    change: { operator: "drop-guard", condition: conjunct.condition },
    path,
    node: withGuard(step, conjunct),
  }));
}

function withGuard(step: TransitionData, { rest }: Conjunct): TransitionData {
  const { guard, ...others } = step;
  return rest === null ? others : { ...others, guard: { type: "holds", params: rest } };
}

/** Conditions of effects. */
function testEdits({ path, effects, counts }: EffectList): readonly Edit[] {
  return effects.flatMap((effect, i): readonly Edit[] => {
    if (effect.kind !== "when" || counts[i] !== true) return [];
    return conjunctsOf(effect.test).map(({ condition, rest }) => ({
      change: { operator: "drop-guard", condition },
      path: [...path, i, "test"],
      node: rest ?? { kind: "bool", value: true },
    }));
  });
}

/** A condition on a place that the step then takes: both are left out. */
function lockEdits(step: TransitionData, path: Path): readonly Edit[] {
  const { guard, actions = [] } = step;
  if (guard === undefined) return [];
  return conjunctsOf(guard.params).flatMap((conjunct) =>
    actions.flatMap(({ params }, a) =>
      params.flatMap((effect, i): readonly Edit[] => {
        if (!takes(effect, conjunct.condition)) return [];
        const left = actions.map((action, k) =>
          k === a ? { ...action, params: without(params, i) } : action,
        );
        return [
          {
            change: { operator: "drop-lock", condition: conjunct.condition, effect },
            path,
            node: { ...withGuard(step, conjunct), actions: left },
          },
        ];
      }),
    ),
  );
}

/** The effect writes a place that the condition reads, and not as a count of itself. */
function takes(effect: Effect, condition: ExprData): boolean {
  switch (effect.kind) {
    case "assign":
      return occursIn(effect.target, condition) && !occursIn(effect.target, effect.value);
    case "include":
      return occursIn(effect.set, condition);
    default:
      return false;
  }
}

function occursIn(part: unknown, data: unknown): boolean {
  if (typeof data !== "object" || data === null) return false;
  return (
    JSON.stringify(part) === JSON.stringify(data) ||
    Object.values(data).some((value) => occursIn(part, value))
  );
}

function dropEdits({ path, effects, counts }: EffectList): readonly Edit[] {
  return effects.flatMap((effect, i): readonly Edit[] =>
    counts[i] === true
      ? [{ change: { operator: "drop-effect", effect }, path, node: without(effects, i) }]
      : [],
  );
}

/** Neighbours change places. */
function swapEdits({ path, effects, counts }: EffectList): readonly Edit[] {
  return effects.flatMap((first, i): readonly Edit[] => {
    const second = effects[i + 1];
    if (second === undefined || counts[i] !== true || counts[i + 1] !== true) return [];
    if (JSON.stringify(first) === JSON.stringify(second)) return [];
    const node = effects.map((effect, k) => (k === i ? second : k === i + 1 ? first : effect));
    return [{ change: { operator: "swap-effects", first, second }, path, node }];
  });
}

function constantEdits({ guard }: TransitionData, path: Path): readonly Edit[] {
  if (guard === undefined) return [];
  return widen(guard.params, [...path, "guard", "params"], { condition: guard.params });
}

function effectConstantEdits({ path, effects, counts }: EffectList): readonly Edit[] {
  return effects.flatMap((effect, i) => (counts[i] === true ? widen(effect, [...path, i], { effect }) : []));
}

type Within = (Change & { readonly operator: "widen-constant" })["within"];

/** Every integer in the data; the effects inside an effect are lists of their own. */
function widen(data: unknown, path: Path, within: Within): readonly Edit[] {
  if (typeof data !== "object" || data === null) return [];
  const node = data as Readonly<Record<string, unknown>>;
  if (node["kind"] === "int" && typeof node["value"] === "number") {
    const value = node["value"];
    return [
      {
        change: { operator: "widen-constant", value, within },
        path,
        node: { kind: "int", value: value + 1 },
      },
    ];
  }
  return Object.entries(node).flatMap(([key, value]) =>
    holdsEffects(node, key) ? [] : widen(value, [...path, Array.isArray(data) ? Number(key) : key], within),
  );
}

/** `then` and `else` of a `when`, which unlike those of an `if` are lists, and `do` of an `each`. */
function holdsEffects(node: Readonly<Record<string, unknown>>, key: string): boolean {
  return (
    (node["kind"] === "when" && (key === "then" || key === "else")) ||
    (node["kind"] === "each" && key === "do")
  );
}
