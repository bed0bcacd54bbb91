/** Promela statements as data, and their text. */
import type { Code } from "./code.ts";

export type Statement =
  /** One statement, without a semicolon. */
  | string
  /** A macro that brings its own semicolons. */
  | { readonly kind: "macro"; readonly text: string }
  /** `if` or `do`: the first test that is true decides. */
  | {
      readonly kind: "if";
      readonly test: Code;
      readonly then: readonly Statement[];
      readonly else: readonly Statement[];
    }
  | { readonly kind: "while"; readonly test: Code; readonly do: readonly Statement[] };

/** The body where the test is true; nothing is printed of what is known. */
export function when(
  test: Code,
  then: readonly Statement[],
  otherwise: readonly Statement[] = [],
): readonly Statement[] {
  if (test.value !== null) return test.value === 0 ? otherwise : then;
  if (then.length === 0 && otherwise.length === 0) return [];
  return [{ kind: "if", test, then, else: otherwise }];
}

/** Lines of a sequence, each indented. */
export function statementLines(statements: readonly Statement[], indent: string): readonly string[] {
  if (statements.length === 0) return [`${indent}skip`];
  return statements.flatMap((statement, i) => linesOf(statement, indent, i + 1 === statements.length));
}

function linesOf(statement: Statement, indent: string, isLast: boolean): readonly string[] {
  const end = isLast ? "" : ";";
  if (typeof statement === "string") return [`${indent}${statement}${end}`];
  switch (statement.kind) {
    case "macro":
      return [`${indent}${statement.text}${isLast ? " skip" : ""}`];
    case "if": {
      const otherwise =
        statement.else.length === 0 ? [`${indent}:: else`] : optionLines("else", statement.else, indent);
      return [
        `${indent}if`,
        ...optionLines(statement.test.text, statement.then, indent),
        ...otherwise,
        `${indent}fi${end}`,
      ];
    }
    case "while":
      return [
        `${indent}do`,
        ...optionLines(statement.test.text, statement.do, indent),
        `${indent}:: else -> break`,
        // SPIN 6.5.2 loses the way out of a loop that ends a sequence inside a d_step.
        `${indent}od${isLast ? "; skip" : ";"}`,
      ];
  }
}

function optionLines(test: string, statements: readonly Statement[], indent: string): readonly string[] {
  const simple = statements.filter((statement) => typeof statement === "string");
  const line = `${indent}:: ${test} -> ${simple.join("; ")}`;
  if (statements.length === 0) return [`${indent}:: ${test}`];
  if (simple.length === statements.length && line.length <= 100) return [line];
  return [`${indent}:: ${test} ->`, ...statementLines(statements, `${indent}   `)];
}
