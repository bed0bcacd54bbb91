/** The check of identities, sorts and variables. */
import { integer } from "../int-range.ts";
import type { Variable } from "../model.ts";
import { describeSort, type Sort } from "../sort.ts";
import { misfit } from "../value.ts";
import { type Ask, checkIdentity, checkName, pointerName, report } from "./ask.ts";

export function checkIdentities(ask: Ask): void {
  for (const [name, size] of Object.entries(ask.scope.identities)) {
    const path = `/identities/${pointerName(name)}`;
    checkName(ask, name, path);
    if (!isBetween(size, 1, 30)) {
      report(ask, path, `identity ${name} has ${size} individuals, but 1 to 30 are possible`);
    }
  }
}

export function checkVariables(ask: Ask, variables: Readonly<Record<string, Variable>>): void {
  for (const [name, { sort, initial }] of Object.entries(variables)) {
    const path = `/variables/${pointerName(name)}`;
    checkName(ask, name, path);
    const before = ask.found.length;
    checkSort(ask, sort, `${path}/sort`);
    if (ask.found.length > before) continue;
    const wrong = misfit(initial, sort, ask.scope.identities);
    if (wrong !== null)
      report(ask, `${path}/initial`, `${name} cannot start as ${wrong}: it is ${describeSort(sort)}`);
  }
}

function checkSort(ask: Ask, sort: Sort, path: string): void {
  switch (sort.kind) {
    case "bool":
      return;
    case "int":
      checkIntSort(ask, sort, path);
      return;
    case "enum":
      if (sort.values.length === 0) report(ask, path, "an enumeration has no values");
      sort.values.forEach((value, i) => {
        if (sort.values.indexOf(value) < i)
          report(ask, `${path}/values/${i}`, `the value "${value}" is there twice`);
      });
      return;
    case "id":
    case "set":
      checkIdentity(ask, sort.of, `${path}/of`);
      return;
    case "array":
      checkIdentity(ask, sort.index, `${path}/index`);
      checkSort(ask, sort.of, `${path}/of`);
      return;
    case "list":
      if (!isBetween(sort.capacity, 1, 30)) {
        report(ask, `${path}/capacity`, `a list has capacity ${sort.capacity}, but 1 to 30 are possible`);
      }
      if (sort.of.kind === "list" || sort.of.kind === "array") {
        const message = `a list has elements that are a ${describeSort(sort.of)}, not scalars, sets or records`;
        report(ask, `${path}/of`, message);
      }
      checkSort(ask, sort.of, `${path}/of`);
      return;
    case "record":
      for (const [name, field] of Object.entries(sort.fields)) {
        const at = `${path}/fields/${pointerName(name)}`;
        checkName(ask, name, at);
        if (field.kind === "list" || field.kind === "array" || field.kind === "record") {
          report(ask, at, `field ${name} is a ${describeSort(field)}, not a scalar or set`);
        }
        checkSort(ask, field, at);
      }
      return;
  }
}

function checkIntSort(ask: Ask, { min, max }: Sort & { readonly kind: "int" }, path: string): void {
  if (!isBetween(min, integer.min, integer.max) || !isBetween(max, integer.min, integer.max) || min > max) {
    report(ask, path, `int ${min}..${max} is not a range of 32-bit integers`);
  } else if (max - min >= 2 ** 31) {
    report(ask, path, `int ${min}..${max} has more than 2^31 values`);
  }
}

/** True for an integer of the range. -0 is none: it prints like 0 and is not the same. */
function isBetween(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && !Object.is(value, -0) && value >= min && value <= max;
}
