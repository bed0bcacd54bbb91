/** The door of the exporters: a checked model as text for other model checkers. */
export type { Claim } from "./promela/claim.ts";
export { type PromelaText, promelaText } from "./promela/promela.ts";
export { tlaText } from "./tla/tla.ts";
