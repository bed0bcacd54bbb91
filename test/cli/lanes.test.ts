import { describe, expect, test } from "vitest";
import { heading, layOut } from "../../cli/report/lanes.ts";

const titles = (actors: readonly string[], width: number) => heading(layOut(actors, 6, width));

describe("titles of columns", () => {
  test("stand in one line where there is room", () => {
    expect(titles(["owner(mm0)", "kmmscand"], 80)).toEqual([
      "      owner(mm0)                         | kmmscand",
    ]);
  });

  test("of five actors break before a bracket, never inside a word, in 80 columns", () => {
    const actors = ["owner(mm1)", "kmmscand", "application(mm0)", "stopper", "sysfs"];
    for (let turn = 0; turn < actors.length; turn++) {
      actors.push(...actors.splice(0, 1));
      const lines = titles(actors, 80);
      const shown = lines.flatMap((line) => line.split(/[ |]+/)).filter((word) => word !== "");
      const whole = ["owner", "(mm1)", "owner(mm1)", "kmmscand", "application", "(mm0)", "application(mm0)"];
      expect(shown.filter((word) => ![...whole, "stopper", "sysfs"].includes(word))).toEqual([]);
    }
    expect(titles(["owner(mm1)", "kmmscand", "owner(mm0)", "stopper", "sysfs"], 80)).toEqual([
      "      owner   | kmmscand | owner   | stopper | sysfs",
      "      (mm1)   |          | (mm0)   |         |",
    ]);
  });

  test("are cut only where nothing else is left, and lines keep their width", () => {
    const actors = Array.from({ length: 9 }, (_, i) => `anactorwithaverylongname${i}`);
    for (const width of [60, 80, 132]) {
      const lines = titles(actors, width);
      expect(lines.filter((line) => line.length > width)).toEqual([]);
      expect(lines.join("").replaceAll(/[ |]/g, "").length).toBe(actors.join("").length);
    }
  });
});
