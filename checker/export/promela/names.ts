/** The identifiers of a Promela text: columns, constants, processes, claims, all different. */
import { type Instance, type Model, type System, sizeOf } from "../../../models/language/index.ts";
import { identifier, nameTaker, type TakeName } from "../names.ts";
import { atom, type Code, constant, infix, or } from "./code.ts";
import { type Column, layOut, type Shape } from "./columns.ts";
import type { Constants } from "./literal.ts";

/** Words of Promela, of C (the verifier is a C program), of its preprocessor, and of the text around the model. */
const reserved = `
active assert atomic bit bool break byte chan d_step D_proctype do else empty enabled eval false fi for full get_priority
goto hidden if in init inline int len local ltl mtype nempty never nfull notrace od of pc_value pid printf printm priority
proctype provided return run select set_priority short show skip timeout trace true typedef unless unsigned until always
eventually next weakuntil stronguntil release implies equivalent xr xs c_code c_decl c_expr c_state c_track ndelay np_
auto case char const continue default double enum extern float long register signed sizeof static struct switch union
void volatile while asm typeof linux unix i386 uchar ushort uint ulong now trpt errno main NULL TRUE FALSE
broken idle halted nowhere give_up turn owed given_up stays watcher BEGIN END MOVES TURN RUNS SORTS end accept progress
`
  .trim()
  .split(/\s+/);

export interface Names {
  readonly take: TakeName;
  readonly constants: Constants;
  /** `#define` lines of the constants that have been used so far. */
  readonly definitions: () => readonly string[];
  readonly point: (actor: string, point: string) => Code;
  /** The program point of an instance. */
  readonly pointOf: (instance: Instance) => string;
  readonly standsAt: (actor: string, self: Code | null, points: readonly string[]) => Code;
}

export interface Layout {
  readonly names: Names;
  readonly shapes: Readonly<Record<string, Shape>>;
  /** The columns of each variable. */
  readonly columns: Readonly<Record<string, readonly Column[]>>;
  /** The program points: an array for an actor with several instances. */
  readonly points: readonly Column[];
  /** The process of each instance. */
  readonly processes: readonly string[];
}

/** Beyond every program point: where the instances are once a step has been an error of the model. */
export const nowhere = 255;

export function nameAll(system: System): Layout {
  const { model } = system;
  const take = nameTaker(reserved);
  const laid = Object.entries(model.variables).map(([name, { sort, initial }]) => {
    return [name, layOut(identifier(name), sort, [initial], false, model.identities, take)] as const;
  });
  const points = model.actors.map((actor): Column => {
    const { config, forEach } = actor;
    const size = forEach === undefined ? null : sizeOf(model.identities, forEach);
    const all = Object.keys(config.states);
    const initial = Array.from({ length: size ?? 1 }, () => all.indexOf(config.initial));
    const type = all.length < nowhere ? "byte" : "int";
    return { name: take(`at_${identifier(actor.name)}`), type, size, initial };
  });
  const processes = system.instances.map(({ name }) => take(name));
  return {
    processes,
    names: namesOf(model, take, points),
    shapes: Object.fromEntries(laid.map(([name, { shape }]) => [name, shape])),
    columns: Object.fromEntries(laid.map(([name, { columns }]) => [name, columns])),
    points,
  };
}

function namesOf(model: Model, take: TakeName, columns: readonly Column[]): Names {
  const defined = new Map<string, { readonly name: string; readonly value: number }>();
  const define = (key: string, wanted: string, value: number): string => {
    const known = defined.get(key);
    if (known !== undefined) return known.name;
    const name = take(wanted);
    defined.set(key, { name, value });
    return name;
  };
  const actorAt = (name: string) => model.actors.findIndex((actor) => actor.name === name);
  const point = (name: string, at: string) => {
    const position = Object.keys(model.actors[actorAt(name)]?.config.states ?? {}).indexOf(at);
    return constant(position, define(`point ${name} ${at}`, at, position));
  };
  const column = (name: string) => columns[actorAt(name)]?.name ?? name;
  return {
    take,
    constants: {
      identities: model.identities,
      none: (of) => define(`none ${of}`, `no_${of}`, sizeOf(model.identities, of)),
      enumeration: (value, position) => define(`value ${position} ${value}`, value, position),
    },
    definitions: () => [...defined.values()].map(({ name, value }) => `#define ${name} ${value}`),
    point,
    pointOf: ({ actor, self }) => (self === null ? column(actor.name) : `${column(actor.name)}[${self}]`),
    standsAt: (actor, self, points) => {
      const here = atom(self === null ? column(actor) : `${column(actor)}[${self.text}]`);
      return or(points.map((at) => infix("==", here, point(actor, at))));
    },
  };
}
