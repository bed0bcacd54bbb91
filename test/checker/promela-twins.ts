/**
 * Small systems in the language and in Promela, step by step the same, with formulas about them and the verdicts that they
 * should have: first on any run, then on runs that are weakly fair to every process.
 */
import {
  type Actor,
  actor,
  add,
  and,
  arrayOf,
  at,
  bool,
  chosen,
  declare,
  type ExprData,
  eq,
  exists,
  get,
  gt,
  id,
  individual,
  int,
  lt,
  type Model,
  type NamedStep,
  ne,
  not,
  point,
  self,
  set,
  step,
  sub,
} from "../../models/language/index.ts";

export interface Twin {
  readonly model: Model;
  /** With a macro for each condition. */
  readonly promela: string;
  readonly conditions: Readonly<Record<string, ExprData>>;
  readonly formulas: Readonly<Record<string, "++" | "-+" | "--">>;
}

const { variables, v } = declare({
  n: { sort: int(0, 3), initial: 0, doc: "a number" },
  asked: { sort: bool, initial: false, doc: "a request" },
  lit: { sort: bool, initial: false, doc: "a lamp" },
  left: { sort: bool, initial: false, doc: "a fork" },
  right: { sort: bool, initial: false, doc: "a fork" },
});

function model(name: string, ...actors: readonly Actor[]): Model {
  return { name, title: name, identities: {}, variables, actors, properties: [] };
}

/** An actor with one point, so many steps and no place to go. */
function loop(name: string, ...steps: readonly NamedStep[]): Actor {
  return actor({ name, doc: "", initial: "here", points: { here: point(...steps) } });
}

const lamp: Twin = {
  model: model(
    "lamp",
    loop(
      "user",
      step("ask", "", { when: not(v.asked), do: [set(v.asked, true)] }),
      step("withdraw", "", { when: v.asked, do: [set(v.asked, false)] }),
    ),
    loop("server", step("light", "", { when: and(v.asked, not(v.lit)), do: [set(v.lit, true)] })),
    loop("timer", step("dim", "", { when: v.lit, do: [set(v.lit, false)] })),
  ),
  promela: `bool asked, lit;
active proctype user() { do :: d_step { !asked -> asked = true } :: d_step { asked -> asked = false } od }
active proctype server() { do :: d_step { asked && !lit -> lit = true } od }
active proctype timer() { do :: d_step { lit -> lit = false } od }
`,
  conditions: { asked: v.asked, lit: v.lit },
  formulas: {
    "[]<> asked": "++",
    "[]<> !lit": "-+",
    "<> lit": "--",
    "[] (lit -> <> !lit)": "-+",
    "[] (asked -> <> lit)": "--",
    "[]<> lit -> []<> asked": "++",
    "(!lit) W asked": "++",
    "(!lit) U asked": "++",
    "asked V !lit": "++",
    "<>[] asked": "--",
  },
};

const ending: Twin = {
  model: model("ending", loop("counter", step("up", "", { when: lt(v.n, 3), do: [set(v.n, add(v.n, 1))] }))),
  promela: `byte n;
active proctype counter() { do :: d_step { n < 3 -> n = n + 1 } od }
#define one (n == 1)
#define three (n == 3)
`,
  conditions: { one: eq(v.n, 1), three: eq(v.n, 3) },
  formulas: {
    "<> three": "++",
    "<>[] three": "++",
    "[]<> one": "--",
    "(!three) U one": "++",
    "one V !three": "++",
    "[] (one -> <> three)": "++",
    "[] (three -> [] three)": "++",
  },
};

const buffer: Twin = {
  model: model(
    "buffer",
    loop("producer", step("put", "", { when: lt(v.n, 2), do: [set(v.n, add(v.n, 1))] })),
    loop("consumer", step("take", "", { when: gt(v.n, 0), do: [set(v.n, sub(v.n, 1))] })),
  ),
  promela: `byte n;
active proctype producer() { do :: d_step { n < 2 -> n = n + 1 } od }
active proctype consumer() { do :: d_step { n > 0 -> n = n - 1 } od }
#define empty (n == 0)
#define full (n == 2)
`,
  conditions: { empty: eq(v.n, 0), full: eq(v.n, 2) },
  formulas: {
    "[]<> empty": "--",
    "[]<> full": "--",
    "[]<> !empty": "++",
    "[]<> !full": "++",
    "<> full": "--",
    "[] (full -> <> empty)": "--",
    "[]<> full || []<> empty || <>[] (!full && !empty)": "++",
    "[] !(full && empty)": "++",
  },
};

function philosopher(name: string, first: typeof v.left, second: typeof v.left): Actor {
  return actor({
    name,
    doc: "",
    initial: "thinks",
    points: {
      thinks: point(step("first", "", { when: not(first), do: [set(first, true)], to: "waits" })),
      waits: point(step("second", "", { when: not(second), do: [set(second, true)], to: "eats" })),
      eats: point(step("stop", "", { do: [set(first, false), set(second, false)], to: "thinks" })),
    },
  });
}

const philosophers = (name: string, both: boolean): Twin => ({
  model: model(
    name,
    philosopher("a", v.left, v.right),
    both ? philosopher("b", v.right, v.left) : philosopher("b", v.left, v.right),
  ),
  promela: `bool left, right; byte a, b;
active proctype pa() { do
:: d_step { a == 0 && !left -> left = true; a = 1 } :: d_step { a == 1 && !right -> right = true; a = 2 }
:: d_step { a == 2 -> left = false; right = false; a = 0 } od }
active proctype pb() { do
${
  both
    ? ":: d_step { b == 0 && !right -> right = true; b = 1 } :: d_step { b == 1 && !left -> left = true; b = 2 }"
    : ":: d_step { b == 0 && !left -> left = true; b = 1 } :: d_step { b == 1 && !right -> right = true; b = 2 }"
}
:: d_step { b == 2 -> left = false; right = false; b = 0 } od }
#define aEats (a == 2)
#define bEats (b == 2)
#define aWaits (a == 1)
#define bWaits (b == 1)
`,
  conditions: {
    aEats: at("a", ["eats"]),
    bEats: at("b", ["eats"]),
    aWaits: at("a", ["waits"]),
    bWaits: at("b", ["waits"]),
  },
  formulas: both
    ? {
        "<> (aEats || bEats)": "--",
        "[]<> (aEats || bEats) || <>[] (aWaits && bWaits)": "++",
        "[] (aWaits -> <> aEats)": "--",
        "[] !(aEats && bEats)": "++",
        "[] (aEats -> <> !aEats)": "++",
      }
    : {
        "<> (aEats || bEats)": "++",
        "[]<> aEats": "--",
        "[] (aWaits -> <> aEats)": "++",
        "[] (aWaits -> (aWaits U aEats))": "++",
        "[]<> aEats || []<> bEats": "++",
      },
});

const mine = declare({
  wants: { sort: arrayOf("process", bool), initial: [false, false], doc: "wants to enter" },
  turn: { sort: id("process"), initial: 0, doc: "who goes first" },
});
const me = self("process");
const other = chosen("other", "process");

const peterson: Twin = {
  model: {
    name: "peterson",
    title: "Peterson's mutual exclusion",
    identities: { process: 2 },
    variables: mine.variables,
    properties: [],
    actors: [
      actor({
        name: "process",
        doc: "",
        forEach: "process",
        initial: "outside",
        points: {
          outside: point(step("want", "", { do: [set(get(mine.v.wants, me), true)], to: "polite" })),
          polite: point(
            step("yield", "", {
              choose: { other: "process" },
              when: ne(other, me),
              do: [set(mine.v.turn, other)],
              to: "waiting",
            }),
          ),
          waiting: point(
            step("enter", "", {
              when: not(
                exists("process", "p", (p) => and(ne(p, me), get(mine.v.wants, p), eq(mine.v.turn, p))),
              ),
              to: "inside",
            }),
          ),
          inside: point(step("leave", "", { do: [set(get(mine.v.wants, me), false)], to: "outside" })),
        },
      }),
    ],
  },
  promela: `bool wants[2]; byte turn; byte pc[2];
active [2] proctype process() { do
:: d_step { pc[_pid] == 0 -> wants[_pid] = true; pc[_pid] = 1 }
:: d_step { pc[_pid] == 1 -> turn = 1 - _pid; pc[_pid] = 2 }
:: d_step { pc[_pid] == 2 && !(wants[1 - _pid] && turn == 1 - _pid) -> pc[_pid] = 3 }
:: d_step { pc[_pid] == 3 -> wants[_pid] = false; pc[_pid] = 0 } od }
#define in0 (pc[0] == 3)
#define in1 (pc[1] == 3)
#define waits0 (pc[0] == 2)
`,
  conditions: {
    in0: at("process", ["inside"], individual("process", 0)),
    in1: at("process", ["inside"], individual("process", 1)),
    waits0: at("process", ["waiting"], individual("process", 0)),
  },
  formulas: {
    "[] !(in0 && in1)": "++",
    "[] (waits0 -> <> in0)": "++",
    "[]<> in0": "-+",
    "(!in0) W waits0": "++",
    "[] (waits0 -> (!in1 U in0))": "--",
    "[]<> in0 -> []<> in1": "-+",
  },
};

export const twins: readonly Twin[] = [
  lamp,
  ending,
  buffer,
  philosophers("philosophers", true),
  philosophers("ordered-philosophers", false),
  peterson,
];
