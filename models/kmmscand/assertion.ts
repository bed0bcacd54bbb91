/** What properties of single steps share. */

/** The part of an assertion that says where it is asked: whenever `actor` takes one of `steps`. */
export const assertion = (actor: string, ...steps: readonly string[]) =>
  ({ kind: "assertion", on: [{ actor, steps }] }) as const;
