/** The door of the model that logs are compared with, and of the language: what judges a log loads no other model. */
export * from "./entry.ts";
export { oneMm } from "./kmmscand/one-mm/one-mm.ts";
export * from "./language/index.ts";
