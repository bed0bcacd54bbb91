/** A schema as a compiled function; `build/validators.ts` makes it. */
declare module "*?validator" {
  import type { ValidateFunction } from "ajv";
  export const validate: ValidateFunction;
}
declare module "*?validator=/$defs/header" {
  import type { ValidateFunction } from "ajv";
  export const validate: ValidateFunction;
}
