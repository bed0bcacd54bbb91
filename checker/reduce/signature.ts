/**
 * Signatures: for each individual a number that does not change when others are renamed, and goes with the individual when
 * it is. Individuals are put in the order of their signatures; only equal ones have to be tried in every order.
 */
import { sizeOf } from "../../models/language/index.ts";
import type { Block } from "../lower/emit.ts";
import type { Environment } from "../lower/expression.ts";
import { isWithin } from "../lower/list.ts";
import {
  type BoolNode,
  binary,
  compare,
  constant,
  extract,
  fromBool,
  type IntNode,
  ite,
  popcount,
  read,
} from "../lower/node.ts";
import { bitsFor, bitsOf, isFlat } from "../lower/shape.ts";
import { partsOf, type Symbolic, scalar, toCode } from "../lower/value.ts";
import { mentions } from "./permute.ts";

/** Widest number that facts are put together in. */
const chunkBits = 31;

/** What tells individual `name` of a kind from the others, as numbers of at most 31 bits. */
export function factsOf(
  env: Environment,
  kinds: readonly string[],
  kind: string,
  name: number,
): readonly IntNode[] {
  const { instances } = env.system;
  const points = instances.flatMap(({ actor, self }, i) =>
    actor.forEach === kind && self === name ? [read(env.layout.points[i]!)] : [],
  );
  const facts = new Facts(env, kinds, kind, name);
  return inChunks([...points, ...[...env.variables.values()].flatMap((value) => facts.about(value))]);
}

/** Facts side by side in one number, as many as fit. */
function inChunks(facts: readonly IntNode[]): readonly IntNode[] {
  const chunks: IntNode[] = [];
  let used = chunkBits;
  for (const fact of facts) {
    const bits = bitsFor(fact.hi + 1);
    if (bits === 0) continue;
    if (used + bits > chunkBits) {
      chunks.push(fact);
      used = bits;
      continue;
    }
    chunks.push(binary("bitor", chunks.pop()!, binary("shl", fact, constant(used))));
    used += bits;
  }
  return chunks.length === 0 ? [constant(0)] : chunks;
}

class Facts {
  private readonly env: Environment;
  private readonly kinds: readonly string[];
  private readonly kind: string;
  private readonly name: number;

  constructor(env: Environment, kinds: readonly string[], kind: string, name: number) {
    this.env = env;
    this.kinds = kinds;
    this.kind = kind;
    this.name = name;
  }

  /** What a value says about the individual. The number of facts depends on the sort alone. */
  about(value: Symbolic): readonly IntNode[] {
    const { sort } = value;
    if (!mentions(sort, [this.kind])) return [];
    switch (sort.kind) {
      case "id":
        return [fromBool(this.isMe(value))];
      case "set":
        return [extract(scalar(value), constant(this.name), 1)];
      case "array": {
        const elements = partsOf(value, this.identities);
        const named = elements.map((element) => this.about(element));
        const others = this.kinds.includes(sort.index) ? sums(named) : named.flat();
        if (sort.index !== this.kind) return others;
        return [...this.of(elements[this.name]!), ...others];
      }
      default:
        return this.inside(value, (part) => this.about(part));
    }
  }

  /** What a value that belongs to the individual says, other individuals' names apart. */
  private of(value: Symbolic): readonly IntNode[] {
    const { sort } = value;
    if (!mentions(sort, this.kinds)) {
      return isFlat(sort, this.identities)
        ? [bounded(toCode(value, this.identities), 2 ** bitsOf(sort, this.identities) - 1)]
        : this.inside(value, (part) => this.of(part));
    }
    switch (sort.kind) {
      case "id": {
        const none = fromBool(compare("eq", scalar(value), constant(sizeOf(this.identities, sort.of))));
        return sort.of === this.kind ? [none, fromBool(this.isMe(value))] : [none];
      }
      case "set":
        return [popcount(scalar(value), sizeOf(this.identities, sort.of))];
      case "array":
        return this.kinds.includes(sort.index) ? [] : this.inside(value, (part) => this.of(part));
      default:
        return this.inside(value, (part) => this.of(part));
    }
  }

  /** Facts of all parts; elements beyond the end of a list say nothing. */
  private inside(value: Symbolic, facts: (part: Symbolic) => readonly IntNode[]): readonly IntNode[] {
    return partsOf(value, this.identities).flatMap((part, i) =>
      facts(part).map((fact) =>
        value.sort.kind === "list" ? ite(isWithin(value, i), fact, constant(0)) : fact,
      ),
    );
  }

  private isMe(value: Symbolic): BoolNode {
    return compare("eq", scalar(value), constant(this.name));
  }

  private get identities() {
    return this.env.scope.identities;
  }
}

function bounded(node: IntNode, hi: number): IntNode {
  return node.op === "const"
    ? node
    : ({ ...node, lo: Math.max(0, node.lo), hi: Math.min(hi, node.hi) } as IntNode);
}

/** Position by position the sum over rows of equal length. */
function sums(rows: readonly (readonly IntNode[])[]): readonly IntNode[] {
  const [first = [], ...rest] = rows;
  return first.map((node, i) => rest.reduce((sum, row) => binary("add", sum, row[i]!), node));
}

/** Text that declares `name` as the chunks in one number; more than one are mixed. */
export function signatureText(name: string, chunks: readonly IntNode[], block: Block): string {
  const [first, ...rest] = chunks.map((chunk) => block.int(chunk));
  if (rest.length === 0) return `const ${name} = ${first};\n`;
  const mixed = rest.map(
    (chunk) => `${name} = Math.imul(${name} ^ (${name} >>> 15), 0x2c1b3c6d) ^ ${chunk};\n`,
  );
  return `let ${name} = ${first};\n${mixed.join("")}`;
}
