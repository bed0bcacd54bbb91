/** The document that `graph --json` prints, and the drawings made of it: DOT and Mermaid. */
import { escapeAll } from "./escape.ts";
import type { Subject } from "./explore-report.ts";

export interface GraphNode {
  readonly id: string;
  /** Lines are separated by line breaks. */
  readonly label: string;
  readonly initial: boolean;
  readonly final: boolean;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** The condition, where there is one. */
  readonly guard: string | null;
  readonly effects: readonly string[];
}

export interface Graph {
  readonly name: string;
  readonly title: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphReport extends Subject {
  readonly tool: "kmmcheck";
  readonly version: string;
  readonly command: "graph";
  readonly of: "machine" | "states";
  readonly graphs: readonly Graph[];
}

/** The label of an edge: the step, and its condition in brackets. */
function edgeLines({ label, guard }: GraphEdge): readonly string[] {
  return guard === null ? [label] : [label, `[${guard}]`];
}

/** Each line escaped by itself: line breaks inside a label are the drawing's own. */
function linesOf(label: string): readonly string[] {
  return label.split("\n").map(escapeAll);
}

/** Graphviz: one cluster a graph. */
export function dotText(report: GraphReport): string {
  const quote = (lines: readonly string[]) =>
    `"${lines.map((line) => escapeAll(line).replaceAll("\\", "\\\\").replaceAll('"', '\\"')).join("\\n")}"`;
  const out = [`digraph ${quote([report.model])} {`, '  node [shape=box, fontname="monospace"];'];
  report.graphs.forEach((graph, g) => {
    const names = new Map(graph.nodes.map((node, n) => [node.id, `g${g}n${n}`]));
    const name = (id: string) => names.get(id) ?? quote([id]);
    out.push(`  subgraph cluster_${g} {`, `    label=${quote([graph.title])};`);
    graph.nodes.forEach((node) => {
      const marks = [node.initial ? ", style=bold" : "", node.final ? ", peripheries=2" : ""].join("");
      out.push(`    ${name(node.id)} [label=${quote(linesOf(node.label))}${marks}];`);
    });
    for (const edge of graph.edges) {
      out.push(`    ${name(edge.from)} -> ${name(edge.to)} [label=${quote(edgeLines(edge))}];`);
    }
    out.push("  }");
  });
  return `${[...out, "}"].join("\n")}\n`;
}

const entities: Readonly<Record<string, string>> = {
  "#": "#35;",
  "&": "#amp;",
  '"': "#quot;",
  "<": "#lt;",
  ">": "#gt;",
  "`": "#96;",
  "\\": "#92;",
};

/** A Mermaid flowchart: one subgraph a graph. */
export function mermaidText(report: GraphReport): string {
  const quote = (lines: readonly string[]) =>
    `"${lines.map((line) => escapeAll(line).replace(/[#&"<>`\\]/gu, (char) => entities[char] ?? char)).join("<br/>")}"`;
  const out = ["flowchart TD"];
  report.graphs.forEach((graph, g) => {
    const names = new Map(graph.nodes.map((node, n) => [node.id, `g${g}n${n}`]));
    const name = (id: string) => names.get(id) ?? "unknown";
    out.push(`  subgraph g${g} [${quote([graph.title])}]`);
    graph.nodes.forEach((node) => {
      const [open, close] = node.final ? ["[[", "]]"] : node.initial ? ["([", "])"] : ["[", "]"];
      out.push(`    ${name(node.id)}${open}${quote(linesOf(node.label))}${close}`);
    });
    for (const edge of graph.edges) {
      out.push(`    ${name(edge.from)} -->|${quote(edgeLines(edge))}| ${name(edge.to)}`);
    }
    out.push("  end");
  });
  return `${out.join("\n")}\n`;
}
