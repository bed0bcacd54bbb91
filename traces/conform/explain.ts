/** Why an event was rejected, in the words of the model and the kernel. */
import { EVENT_NAMES, type Kind } from "../event.ts";
import { symbolText } from "./alphabet.ts";
import { ANYWHERE, type Beliefs, NOTHING } from "./beliefs.ts";
import type { Graph } from "./graph.ts";
import type { Rejection } from "./observer.ts";

/** Program points, and events, that are named; of more only the number is told. */
const NAMED = 4;

/**
 * What the model says about a rejection, in sentences: the event, what came before it, where the model stood, what it
 * could have shown, and which step would have shown this event.
 *
 * @param mm - the pointer of the mm as the log prints it
 */
export function explain(
  graph: Graph,
  beliefs: Beliefs,
  patch: string,
  mm: string,
  rejection: Rejection,
): string {
  const { belief, prefix, symbol } = rejection;
  const after = beliefs.after(belief, prefix);
  const stood = after === NOTHING ? belief : after;
  return [
    `no run of the ${patch} model shows ${symbolText(symbol)} of mm ${mm} here`,
    before(rejection, after === NOTHING),
    whereabouts(graph, beliefs, stood),
    `Next it could have shown ${offers(graph, beliefs, stood)}`,
    expected(graph, beliefs, stood, symbol),
    ...missing(graph, beliefs, stood, symbol),
  ].join(". ");
}

function before({ lastKind, lastLine, otherScanLine, otherMigrateLine }: Rejection, stuck: boolean): string {
  const last =
    lastLine === 0
      ? "It is the first event of this mm"
      : `The one of this mm before it is ${EVENT_NAMES[lastKind]} in line ${lastLine}`;
  const others = [
    ...(otherScanLine > 0 ? [`another was visited in line ${otherScanLine}`] : []),
    ...(otherMigrateLine > 0 ? [`an entry of another was migrated in line ${otherMigrateLine}`] : []),
  ];
  if (others.length === 0) return last;
  return `${last}, and since then ${others.join(" and ")}${stuck ? ", which it does not show there either" : ""}`;
}

/** The program points of each actor over all states that fit. */
function whereabouts(graph: Graph, beliefs: Beliefs, belief: number): string {
  if (belief === ANYWHERE) return "The model could stand anywhere";
  const members = beliefs.members(belief);
  const { instances } = graph.program.system;
  const places = instances.map(({ name, points }, i) => {
    const here = new Set<string>();
    for (const state of members) here.add(points[graph.stateAt(state).points[i] ?? 0] ?? "");
    return `${name} at ${some([...here].sort())}`;
  });
  return `${members.length} of its ${graph.states} states fitted: ${places.join(", ")}`;
}

/** The symbols of steps that leave a state of the belief. */
function offers(graph: Graph, beliefs: Beliefs, belief: number): string {
  const symbols = new Set<number>();
  for (const state of beliefs.members(belief))
    for (const step of stepsOf(graph, state))
      for (const symbol of graph.shows[step] ?? []) symbols.add(symbol);
  const texts = [...symbols].sort((a, b) => b - a).map(symbolText);
  return texts.length === 0 ? "nothing more" : some(texts, texts.length);
}

/** The steps that show the event, with their kernel function, and whether an actor may have stood there. */
function expected(graph: Graph, beliefs: Beliefs, belief: number, symbol: number): string {
  const { system } = graph.program;
  const showing = system.steps.filter((step) => graph.shows[step.index]?.includes(symbol) === true);
  if (showing.length === 0) return "No step of this version shows it";
  const members = beliefs.members(belief);
  const texts = showing.map((step) => {
    const { name, points } = system.instances[step.instance] ?? { name: "", points: [] };
    const place = points[step.from] ?? "";
    const stands = members.some((state) => graph.stateAt(state).points[step.instance] === step.from);
    const missing = stands ? "but the step is not possible there now" : `and ${name} does not stand there`;
    return `the step "${step.description}" in ${functionOf(place)}(), at ${place}, ${missing}`;
  });
  return `It is shown by ${some([...new Set(texts)], 2)}`;
}

/** What the log would have had to show before the event: along a shortest way from the belief to where it can be shown. */
function missing(graph: Graph, beliefs: Beliefs, belief: number, symbol: number): readonly string[] {
  const { edges, shows } = graph;
  const way = new Map<number, readonly number[]>();
  for (const state of beliefs.members(belief)) way.set(state, []);
  for (const [state, shown] of way) {
    for (let e = edges.first[state] ?? 0; e < (edges.first[state + 1] ?? 0); e++) {
      const symbols = shows[edges.steps[e] ?? 0] ?? [];
      if (symbols.includes(symbol)) {
        return shown.length === 0 ? [] : [`It could come here after ${shown.map(symbolText).join(", ")}`];
      }
      const target = edges.targets[e] ?? 0;
      if (!way.has(target)) way.set(target, [...shown, ...symbols.slice(0, 1)]);
    }
  }
  return [];
}

/** Program points are named `function:step`. */
const functionOf = (place: string): string => place.slice(0, place.indexOf(":"));

function* stepsOf({ edges }: Graph, state: number): Iterable<number> {
  for (let e = edges.first[state] ?? 0; e < (edges.first[state + 1] ?? 0); e++) yield edges.steps[e] ?? 0;
}

function some(texts: readonly string[], most = NAMED): string {
  const shown = texts.slice(0, most).join(", ");
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}

/** What is wrong with an event that the version does not have, or lays out otherwise. */
export function foreignText(patch: string, kind: Kind, printed: string | null): string {
  const name = EVENT_NAMES[kind];
  if (printed === null) return `${name} is no event of ${patch}`;
  return `${name} of ${patch} prints ${printed}, and this one does not`;
}
