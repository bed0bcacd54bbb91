/**
 * Scalar nodes to JavaScript text. Equal nodes are recognised by structure and computed once: a node used more than once
 * becomes a `const` of the block. The text refers to the state's words as `w0`, `w1`, ...
 */
import type { BoolNode, IntNode } from "./node.ts";

type Node = IntNode | BoolNode;

/** Gives equal nodes the same number; children have smaller numbers than the nodes that use them. */
class Numbering {
  readonly nodes: Node[] = [];
  readonly children: (readonly number[])[] = [];
  private readonly byNode = new Map<Node, number>();
  private readonly byKey = new Map<string, number>();

  numberOf(node: Node): number {
    const known = this.byNode.get(node);
    if (known !== undefined) return known;
    const children = childrenOf(node).map((child) => this.numberOf(child));
    const key = keyOf(node, children);
    let id = this.byKey.get(key);
    if (id === undefined) {
      id = this.nodes.push(node) - 1;
      this.children.push(children);
      this.byKey.set(key, id);
    }
    this.byNode.set(node, id);
    return id;
  }
}

/**
 * One block of code. First `use` every node that its statements print, then print {@link Block.declarations}, then the
 * statements. A block within another sees what the outer one named.
 */
export class Block {
  private readonly numbering: Numbering;
  private readonly uses = new Map<number, number>();
  private readonly names = new Map<number, string>();
  private readonly outer: Block | null;

  constructor(outer: Block | null = null) {
    this.outer = outer;
    this.numbering = outer === null ? new Numbering() : outer.numbering;
  }

  /** Registers a node that a statement of this block will print. */
  use(node: Node): void {
    this.useNumber(this.numbering.numberOf(node));
  }

  private useNumber(id: number): void {
    if (this.nameOf(id) !== undefined) return;
    const uses = (this.uses.get(id) ?? 0) + 1;
    this.uses.set(id, uses);
    if (uses === 1) for (const child of this.numbering.children[id]!) this.useNumber(child);
  }

  private nameOf(id: number): string | undefined {
    return this.names.get(id) ?? this.outer?.nameOf(id);
  }

  private depth(): number {
    return this.outer === null ? 0 : this.outer.depth() + 1;
  }

  /** Declarations of the nodes used more than once. */
  declarations(): string {
    let text = "";
    const shared = [...this.uses].filter(([id, uses]) => uses > 1 && !isCheap(this.numbering.nodes[id]!));
    for (const [id] of shared.sort(([a], [b]) => a - b)) {
      const value = isBool(this.numbering.nodes[id]!) ? this.printBool(id) : this.printInt(id);
      const name = `t${this.depth()}_${this.names.size}`;
      this.names.set(id, name);
      text += `const ${name} = ${value};\n`;
    }
    return text;
  }

  int(node: IntNode): string {
    return this.printInt(this.numbering.numberOf(node));
  }

  bool(node: BoolNode): string {
    return this.printBool(this.numbering.numberOf(node));
  }

  private printInt(id: number): string {
    const name = this.nameOf(id);
    if (name !== undefined) return name;
    const node = this.numbering.nodes[id] as IntNode;
    const child = (i: number) => this.printInt(this.numbering.children[id]![i]!);
    switch (node.op) {
      case "const":
        return node.value < 0 ? `(${node.value})` : `${node.value}`;
      case "read":
        return readText(node.range);
      case "insert": {
        const mask = 2 ** node.bits - 1;
        const at = node.at;
        const hole = at.op === "const" ? `${~(mask << at.value)}` : `~(${mask} << ${child(1)})`;
        return `((${child(0)} & ${hole}) | (${child(2)} << ${child(1)}))`;
      }
      case "popcount":
        return `popcount(${child(0)})`;
      case "fromBool":
        return `(${this.printBool(this.numbering.children[id]![0]!)} ? 1 : 0)`;
      case "ite":
        return `(${this.printBool(this.numbering.children[id]![0]!)} ? ${child(1)} : ${child(2)})`;
      default:
        return binaryText(node.op, child(0), child(1), node);
    }
  }

  private printBool(id: number): string {
    const name = this.nameOf(id);
    if (name !== undefined) return name;
    const node = this.numbering.nodes[id] as BoolNode;
    const bool = (i: number) => this.printBool(this.numbering.children[id]![i]!);
    const int = (i: number) => this.printInt(this.numbering.children[id]![i]!);
    switch (node.op) {
      case "true":
      case "false":
        return node.op;
      case "nonzero":
        return node.of.op === "read" && node.of.range.bits === 1
          ? `((w${node.of.range.word} & ${1 << node.of.range.shift}) !== 0)`
          : `(${int(0)} !== 0)`;
      case "eq":
        return `(${int(0)} === ${int(1)})`;
      case "ne":
        return `(${int(0)} !== ${int(1)})`;
      case "lt":
        return `(${int(0)} < ${int(1)})`;
      case "le":
        return `(${int(0)} <= ${int(1)})`;
      case "not":
        return `!${bool(0)}`;
      case "and":
        return `(${bool(0)} && ${bool(1)})`;
      case "or":
        return `(${bool(0)} || ${bool(1)})`;
    }
  }
}

/** The value of a bit range of the state. */
export function readText(range: {
  readonly word: number;
  readonly shift: number;
  readonly bits: number;
}): string {
  const { word, shift, bits } = range;
  if (bits === 0) return "0";
  if (shift + bits === 32) return shift === 0 ? `w${word}` : `(w${word} >>> ${shift})`;
  return shift === 0 ? `(w${word} & ${2 ** bits - 1})` : `((w${word} >>> ${shift}) & ${2 ** bits - 1})`;
}

function binaryText(op: string, a: string, b: string, node: IntNode): string {
  const small = node.lo >= -(2 ** 31) && node.hi < 2 ** 31;
  switch (op) {
    case "add":
      return `(${a} + ${b})`;
    case "sub":
      return `(${a} - ${b})`;
    case "mul":
      // A product can be -0, which prints and divides like 0 but must not reach a comparison of representations.
      return node.lo < 0 ? `(${a} * ${b} + 0)` : `(${a} * ${b})`;
    case "div":
      return small
        ? `(${b} === 0 ? 0 : (${a} / ${b}) | 0)`
        : `(${b} === 0 ? 0 : Math.trunc(${a} / ${b}) + 0)`;
    case "mod":
      return `(${b} === 0 ? 0 : (${a} % ${b}) + 0)`;
    case "min":
      return `Math.min(${a}, ${b})`;
    case "max":
      return `Math.max(${a}, ${b})`;
    case "shl":
      return `(${a} << ${b})`;
    case "shr":
      return `(${a} >>> ${b})`;
    case "bitand":
      return `(${a} & ${b})`;
    case "bitor":
      return `(${a} | ${b})`;
    default:
      throw new Error(`no text for ${op}`);
  }
}

function isBool(node: Node): node is BoolNode {
  return ["true", "false", "nonzero", "eq", "ne", "lt", "le", "not", "and", "or"].includes(node.op);
}

function isCheap(node: Node): boolean {
  return (
    node.op === "const" ||
    node.op === "true" ||
    node.op === "false" ||
    (node.op === "nonzero" && node.of.op === "read")
  );
}

function childrenOf(node: Node): readonly Node[] {
  switch (node.op) {
    case "const":
    case "read":
    case "true":
    case "false":
      return [];
    case "insert":
      return [node.into, node.at, node.value];
    case "popcount":
    case "fromBool":
    case "nonzero":
    case "not":
      return [node.of];
    case "ite":
      return [node.test, node.yes, node.no];
    default:
      return [node.left, node.right];
  }
}

function keyOf(node: Node, children: readonly number[]): string {
  switch (node.op) {
    case "const":
      return `#${node.value}`;
    case "read":
      return `@${node.range.word}.${node.range.shift}.${node.range.bits}`;
    case "insert":
      return `insert${node.bits}(${children.join()})`;
    default:
      return `${node.op}(${children.join()})`;
  }
}
