/**
 * A packed state with its individuals renamed, as nodes. The renaming is known only when running: for each kind two words
 * beside those of the state, the new name of each individual (none keeps its place behind the last one), and backwards.
 */
import { type Identities, type Sort, sizeOf } from "../../models/language/index.ts";
import { Block } from "../lower/emit.ts";
import type { Environment } from "../lower/expression.ts";
import { isWithin } from "../lower/list.ts";
import { binary, compare, constant, extract, type IntNode, ite, read } from "../lower/node.ts";
import { bitsFor, zeroValue } from "../lower/shape.ts";
import {
  choose,
  elementAt,
  fromCode,
  lengthOf,
  literal,
  ofInt,
  partsOf,
  type Symbolic,
  scalar,
} from "../lower/value.ts";
import { variableWrites, type Write, wholeRange, wordText } from "../lower/write.ts";

/** Bits of one name in the words of a renaming. */
export function nameBits(size: number): number {
  return bitsFor(size + 1);
}

/** Renames the kinds, in this order, by the words behind those of the state. */
class Renaming {
  private readonly env: Environment;
  private readonly identities: Identities;
  private readonly kinds: readonly string[];

  constructor(env: Environment, kinds: readonly string[]) {
    this.env = env;
    this.identities = env.scope.identities;
    this.kinds = kinds;
  }

  /** The names of all parameters: the state's words, then two for each kind. */
  get parameters(): string {
    const { words } = this.env.layout;
    return Array.from({ length: words + 2 * this.kinds.length }, (_, i) => `w${i}`).join(", ");
  }

  /** Every variable after the renaming. */
  variables(): ReadonlyMap<string, Symbolic> {
    return new Map([...this.env.variables].map(([name, value]) => [name, this.renamed(value)]));
  }

  /** The program points of the individuals' instances, moved to where their new names belong. */
  pointWrites(): readonly Write[] {
    const { system, layout } = this.env;
    return system.instances.flatMap(({ actor, self }, i) => {
      if (self === null || actor.forEach === undefined || !this.kinds.includes(actor.forEach)) return [];
      const peers = system.instances.flatMap((other, k) =>
        other.actor === actor ? [layout.points[k]!] : [],
      );
      const old = this.oldName(actor.forEach, self);
      const point = peers
        .slice(0, -1)
        .reduceRight<IntNode>(
          (rest, range, k) => ite(compare("eq", old, constant(k)), read(range), rest),
          read(peers.at(-1)!),
        );
      return [wholeRange(layout.points[i]!, point)];
    });
  }

  private renamed(value: Symbolic): Symbolic {
    const { sort } = value;
    const { identities } = this;
    if (!mentions(sort, this.kinds)) return value;
    switch (sort.kind) {
      case "id":
        return fromCode(this.newName(sort.of, scalar(value)), sort, identities);
      case "set": {
        const members = Array.from({ length: sizeOf(identities, sort.of) }, (_, i) =>
          binary("shl", extract(scalar(value), this.oldName(sort.of, i), 1), constant(i)),
        );
        return ofInt(
          members.reduce((all, member) => binary("bitor", all, member), constant(0)),
          sort,
        );
      }
      case "array": {
        const index: Sort = { kind: "id", of: sort.index, nullable: false };
        const moved = this.kinds.includes(sort.index);
        const elements = moved
          ? partsOf(value, identities).map((_, i) =>
              elementAt(value, ofInt(this.oldName(sort.index, i), index), null, identities),
            )
          : partsOf(value, identities);
        return parts(
          sort,
          constant(0),
          elements.map((element) => this.renamed(element)),
        );
      }
      case "list": {
        const zero = literal(zeroValue(sort.of, identities), sort.of, identities);
        const elements = partsOf(value, identities).map((element, i) =>
          choose(isWithin(value, i), this.renamed(element), zero, identities),
        );
        return parts(sort, lengthOf(value), elements);
      }
      default:
        return parts(
          sort,
          constant(0),
          partsOf(value, identities).map((part) => this.renamed(part)),
        );
    }
  }

  private newName(kind: string, old: IntNode): IntNode {
    const size = sizeOf(this.identities, kind);
    const bits = nameBits(size);
    const names = read({ word: this.wordOf(kind), shift: 0, bits: bits * (size + 1) });
    return extract(names, binary("mul", old, constant(bits)), bits);
  }

  private oldName(kind: string, name: number): IntNode {
    const size = sizeOf(this.identities, kind);
    const bits = nameBits(size);
    const node = read({ word: this.wordOf(kind) + 1, shift: name * bits, bits });
    return { ...node, lo: 0, hi: size - 1 } as IntNode;
  }

  private wordOf(kind: string): number {
    return this.env.layout.words + 2 * this.kinds.indexOf(kind);
  }
}

function parts(sort: Sort, length: IntNode, of: readonly Symbolic[]): Symbolic {
  return { form: "parts", sort, length, parts: of };
}

/** True where a value of the sort says something about individuals of the kinds. */
export function mentions(sort: Sort, kinds: readonly string[]): boolean {
  switch (sort.kind) {
    case "id":
    case "set":
      return kinds.includes(sort.of);
    case "list":
      return mentions(sort.of, kinds);
    case "array":
      return kinds.includes(sort.index) || mentions(sort.of, kinds);
    case "record":
      return Object.values(sort.fields).some((field) => mentions(field, kinds));
    default:
      return false;
  }
}

/** The text of a renamed state: parameters of a function, declarations, and an expression for each word. */
export function renamedWords(
  env: Environment,
  kinds: readonly string[],
): { readonly parameters: string; readonly declarations: string; readonly words: readonly string[] } {
  const renaming = new Renaming(env, kinds);
  const writes = [...renaming.pointWrites(), ...variableWrites(renaming.variables(), env)];
  const block = new Block();
  for (const { at, value } of writes) {
    block.use(at);
    block.use(value);
  }
  const declarations = block.declarations();
  const words = Array.from({ length: env.layout.words }, (_, i) => `(${wordText(i, writes, block)} | 0)`);
  return { parameters: renaming.parameters, declarations, words };
}
