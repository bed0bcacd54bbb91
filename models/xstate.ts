/** The models as XState machines. A door of its own: a search needs no interpreter, and XState takes 7 MB. */
export { actorMachine, compose, pointsOf } from "./language/compose.ts";
