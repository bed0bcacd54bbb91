/** A model whose names and words are made to break a text in another language. */
import {
  actor,
  type Bool,
  bool,
  type Enum,
  type Expr,
  eq,
  int,
  type Model,
  oneOf,
  point,
  set,
  step,
} from "../../../models/language/index.ts";

const words = "*/ EVIL /* (* EVIL *) \\\n#include EVIL";
const flag = (name: string): Expr<Bool> => ({ kind: "var", name });
const value: Expr<Enum<string>> = { kind: "var", name: "value" };

export const evil: Model = {
  name: "EVIL:model",
  title: words,
  identities: { now: 2 },
  variables: {
    int: { sort: int(0, 3), initial: 0, doc: words },
    "a-b": { sort: bool, initial: false, doc: "" },
    "a/b": { sort: bool, initial: false, doc: "" },
    linux: { sort: bool, initial: false, doc: "" },
    value: { sort: oneOf("if", "fi", words), initial: "if", doc: "" },
  },
  actors: [
    actor({
      name: "init",
      doc: words,
      forEach: "now",
      initial: "do",
      points: {
        do: point(step("od", words, { when: eq(value, "if"), do: [set(value, "fi")], to: "if" })),
        if: point(step("a:b", words, { do: [set(flag("a-b"), true), set(value, "if")], to: "do" })),
      },
    }),
  ],
  properties: [
    { kind: "reachable", id: "if", title: words, says: words, goal: flag("a-b") },
    { kind: "reachable", id: "int", title: words, says: words, goal: flag("linux") },
  ],
};
