/** Options that take several words: with commas between them, or the option more than once. */
import { expect, test } from "vitest";
import { buildProgram } from "../../cli/program.ts";
import { memoryHost } from "./support/memory-host.ts";

const several = {
  "explore --reduce": ["symmetry", "por"],
  "simulate --record": ["exit", "walk"],
  "mutate --operator": ["drop-step", "drop-guard"],
} as const;

/** Options by command and name, with the values that a command line gives them. */
function optionsOf() {
  const { commands } = buildProgram(memoryHost(), undefined, () => {});
  return commands.flatMap((command) =>
    command.options.map((option) => [`${command.name()} ${option.long}`, option, command] as const),
  );
}

test("these are all of them", () => {
  const commas = optionsOf().filter(([, { description }]) => /comma/.test(description));
  expect(commas.map(([name]) => name).sort()).toEqual(Object.keys(several).sort());
});

test.each(Object.entries(several))("%s", (name, [first, second]) => {
  const given = (...words: readonly string[]) => {
    const [, option, command] = optionsOf().find(([one]) => one === name) ?? [];
    if (option?.long == null || command === undefined) throw new Error(`no option ${name}`);
    command.parseOptions(words.flatMap((word) => [option.long ?? "", word]));
    return command.getOptionValue(option.attributeName());
  };
  expect(given(`${first},${second}`)).toEqual([first, second]);
  expect(given(first, second)).toEqual([first, second]);
  expect(given(second, first, second)).toEqual([first, second]);
  expect(given("none", second)).toEqual([second]);
});
