import { expect, test } from "vitest";
import { effectText, expressionText } from "../../cli/expression-text.ts";
import { dotText, type GraphReport, mermaidText } from "../../cli/report/graph-report.ts";
import {
  add,
  and,
  arrayOf,
  bool,
  declare,
  eq,
  exists,
  get,
  gt,
  individual,
  int,
  mul,
  not,
  or,
  set,
  when,
} from "../../models/language/index.ts";
import { kmmcheck } from "./support/memory-host.ts";

test.each(["dot", "mermaid"])("draws the machines as %s", async (format) => {
  const { code, out } = await kmmcheck(`graph exit-race --format ${format}`);
  expect(code).toBe(0);
  await expect(out).toMatchFileSnapshot(`../fixtures/cli/graph-machine-${format}.txt`);
});

test.each(["dot", "mermaid"])("draws the reachable states as %s", async (format) => {
  const { out } = await kmmcheck(`graph turns --of states --format ${format}`);
  await expect(out).toMatchFileSnapshot(`../fixtures/cli/graph-states-${format}.txt`);
});

test("the drawing of the states has as many as the exploration", async () => {
  for (const model of ["exit-race", "exit-race --patch fixed", "exit-race --set mms=3", "turns"]) {
    const graph = JSON.parse((await kmmcheck(`graph ${model} --of states --json`)).out) as GraphReport;
    const { statistics } = JSON.parse((await kmmcheck(`explore ${model} --json`)).out);
    expect([graph.graphs[0]!.nodes.length, graph.graphs[0]!.edges.length]).toEqual([
      statistics.states,
      statistics.transitions,
    ]);
  }
});

test("draws one actor", async () => {
  const { out } = await kmmcheck("graph exit-race --actor exit_mm");
  expect(out).toContain("exit_mm, one for each mm");
  expect(out).not.toContain("kmmscand");
});

const refused = [
  ["graph turns --of states --max-states 3", "turns has more than 3 reachable states, too many to draw"],
  ["graph turns --actor pig", "unknown actor of turns pig; did you mean ping?"],
  ["graph turns --of states --actor ping", "--actor chooses among the machines"],
  ["graph turns --of stats", '--of takes machine, states, not "stats"'],
  ["graph turns --format svg", '--format takes dot, mermaid, json, not "svg"'],
  ["graph turn", "unknown model turn; did you mean turns?"],
] as const;

test.each(refused)("refuses `%s`", async (line, message) => {
  const { code, err, out } = await kmmcheck(line);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(message);
});

test("labels cannot break out of the drawing", () => {
  const evil = 'a"];\n<b>#quot;`\\\u001b[2J|{}';
  const report: GraphReport = {
    tool: "kmmcheck",
    version: "0",
    command: "graph",
    model: evil,
    title: evil,
    patch: null,
    parameters: {},
    features: {},
    of: "machine",
    graphs: [
      {
        name: evil,
        title: evil,
        nodes: [{ id: evil, label: evil, initial: true, final: false }],
        edges: [{ from: evil, to: evil, label: evil, guard: evil, effects: [] }],
      },
    ],
  };
  const dot = dotText(report);
  // Quoted strings aside, nothing of the label is left.
  expect(dot.replace(/"(?:[^"\\]|\\.)*"/g, "Q")).not.toMatch(/[<>`#|{}]\w|\[2J/);
  const mermaid = mermaidText(report);
  expect(mermaid.replace(/"[^"]*"/g, "Q")).not.toMatch(/b>|quot|2J/);
  for (const text of [dot, mermaid]) expect(text).not.toContain("\u001b");
});

const { v } = declare({
  a: { sort: int(0, 9), initial: 0, doc: "" },
  b: { sort: bool, initial: false, doc: "" },
  c: { sort: arrayOf("mm", bool), initial: [false], doc: "" },
});
const mm0 = individual("mm", 0);

test.each([
  [and(v.b, or(v.b, not(v.b))), "b && (b || !b)"],
  [or(and(v.b, v.b), v.b), "b && b || b"],
  [not(and(v.b, gt(v.a, 1))), "!(b && a > 1)"],
  [eq(mul(add(v.a, 1), 2), 4), "(a + 1) * 2 == 4"],
  [get(v.c, mm0), "c[mm0]"],
  [exists("mm", "x", (x) => get(v.c, x)), "exists(x in mm: c[x])"],
  [and(), "true"],
  [or(), "false"],
])("writes an expression close to C: %#", (expr, text) => {
  expect(expressionText(expr)).toBe(text);
});

test("writes an effect as a statement", () => {
  expect(effectText(when(v.b, [set(v.a, 1)], [set(get(v.c, mm0), true)]))).toBe(
    "if (b) {a = 1} else {c[mm0] = true}",
  );
});
