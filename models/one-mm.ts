/** The door of the model that logs are compared with, and of the language: what judges a log loads no other model. */
export * from "./entry.ts";
export { lifeOfOneMm } from "./kmmscand/one-mm/life.ts";
export * from "./language/index.ts";
