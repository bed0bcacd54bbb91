/** A choice by individual, for what the language has no arithmetic for: the successor or the owner of an individual. */
import { choose, type Expr, eq, type Id, individual } from "../language/index.ts";

/**
 * The value that belongs to the individual `of`: a table written as a chain of tests. For none it is the value of the
 * last individual.
 *
 * @param size - number of individuals of the identity, at least 1
 * @param value - the entry of each individual; null for none
 */
export function pick<N extends string, R extends string>(
  identity: N,
  size: number,
  of: Expr<Id<N>>,
  value: (individual: number) => Expr<Id<R>> | null,
): Expr<Id<R>> {
  const entry = (i: number): Expr<Id<R>> => value(i) ?? { kind: "none" };
  const from = (i: number): Expr<Id<R>> =>
    i + 1 < size ? choose(eq(of, individual(identity, i)), entry(i), from(i + 1)) : entry(i);
  return from(0);
}
