/** Random sorts and values. */
import {
  type Identities,
  type Sort,
  sizeOf,
  type Value,
  type Variable,
} from "../../models/language/index.ts";
import { type Draw, pick, rarely, repeat } from "./draw.ts";

const letters = ["a", "b", "c", "d", "e"];

function drawScalar(draw: Draw, identities: Identities): Sort {
  const of = () => pick(draw, Object.keys(identities));
  switch (draw(8)) {
    case 1:
    case 2: {
      // The ends of the 32-bit integers catch sign errors; a span of 0 is an integer that takes no bits.
      const min = pick(draw, [0, 0, 1, -1, -3, -(2 ** 31), 2 ** 31 - 8]);
      return { kind: "int", min, max: min + pick(draw, [1, 2, 3, 0, 4, 6]) };
    }
    case 3:
    case 4:
      return { kind: "enum", values: letters.slice(0, 1 + draw(letters.length)) };
    case 5:
      return { kind: "id", of: of(), nullable: false };
    case 6:
    case 7:
      return { kind: "id", of: of(), nullable: true };
    default:
      return { kind: "bool" };
  }
}

/** What a list may contain. */
function drawElement(draw: Draw, identities: Identities): Sort {
  switch (draw(7)) {
    case 5:
      return { kind: "set", of: pick(draw, Object.keys(identities)) };
    case 6:
      return drawRecord(draw, identities);
    default:
      return drawScalar(draw, identities);
  }
}

function drawRecord(draw: Draw, identities: Identities): Sort {
  const names = pick(draw, [["x"], ["x", "y"], ["z", "y", "x"]]);
  const field = (): Sort =>
    rarely(draw, 5) ? { kind: "set", of: pick(draw, Object.keys(identities)) } : drawScalar(draw, identities);
  return { kind: "record", fields: Object.fromEntries(names.map((name) => [name, field()])) };
}

export function drawSort(draw: Draw, identities: Identities): Sort {
  switch (draw(12)) {
    case 4:
      return { kind: "set", of: pick(draw, Object.keys(identities)) };
    case 5:
    case 6:
    case 7:
      return drawList(draw, identities);
    case 8:
    case 9:
    case 10:
      return {
        kind: "array",
        index: pick(draw, Object.keys(identities)),
        of: pick(draw, [drawElement, drawElement, drawList, drawNested])(draw, identities),
      };
    case 11:
      return drawRecord(draw, identities);
    default:
      return drawScalar(draw, identities);
  }
}

function drawList(draw: Draw, identities: Identities): Sort {
  return { kind: "list", of: drawElement(draw, identities), capacity: pick(draw, [2, 1, 3]) };
}

function drawNested(draw: Draw, identities: Identities): Sort {
  return {
    kind: "array",
    index: pick(draw, Object.keys(identities)),
    of: drawScalar(draw, identities),
  };
}

export function drawValue(draw: Draw, sort: Sort, identities: Identities): Value {
  switch (sort.kind) {
    case "bool":
      return draw(2) === 1;
    case "int":
      return sort.min + draw(sort.max - sort.min + 1);
    case "enum":
      return pick(draw, sort.values);
    case "id":
      return sort.nullable && rarely(draw, 3) ? null : draw(sizeOf(identities, sort.of));
    case "set":
      return repeat(sizeOf(identities, sort.of), (i) => i).filter(() => draw(2) === 1);
    case "list":
      return repeat(draw(sort.capacity + 1), () => drawValue(draw, sort.of, identities));
    case "array":
      return repeat(sizeOf(identities, sort.index), () => drawValue(draw, sort.of, identities));
    case "record":
      return Object.fromEntries(
        Object.entries(sort.fields).map(([name, field]) => [name, drawValue(draw, field, identities)]),
      );
  }
}

export function drawVariables(draw: Draw, identities: Identities): Readonly<Record<string, Variable>> {
  const some = repeat(1 + draw(5), (i): [string, Variable] => {
    const sort = drawSort(draw, identities);
    return [`v${i}`, { sort, initial: drawValue(draw, sort, identities), doc: "" }];
  });
  // A twin of the same sort, so that whole collections can be compared, assigned and spliced.
  const [twin] = some;
  const twins: readonly [string, Variable][] =
    twin !== undefined && rarely(draw, 2)
      ? [["twin", { ...twin[1], initial: drawValue(draw, twin[1].sort, identities) }]]
      : [];
  return Object.fromEntries([...some, ...twins]);
}
