/** What README.md names is there, also in the package; its examples are run with those of the other pages. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { runHere } from "./support/here.ts";

const root = resolve(import.meta.dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");

describe("on a fresh machine", () => {
  const lines = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, body]) =>
    body!.trim().split("\n"),
  );
  const { bin, scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

  test("two lines say everything", () => {
    expect(lines.length).toBe(2);
  });

  test("the lines name files that exist, the program and scripts of the package", () => {
    const words = lines.join(" ; ").split(/[\s;&|]+/);
    const files = words.filter((word) => word.includes("/"));
    expect(files).toContain(bin.kmmcheck);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    for (const line of lines) expect(line).toMatch(/^npm ci && /);
    expect(Object.keys(scripts)).toContain("test");
  });

  test("the log that they judge is clean", async () => {
    const [log = ""] = lines[0]!.match(/examples\/\S+/)!;
    expect((await runHere(["validate", log], { cwd: root })).code).toBe(0);
  });
});

describe("the package", () => {
  const pack = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const [{ files }] = JSON.parse(execFileSync("npm", pack, { cwd: root, encoding: "utf8" }));
  const packed: readonly string[] = files.map(({ path }: { readonly path: string }) => path);
  const pages = packed.filter((path) => path.endsWith(".md"));

  test.each(pages)("has everything that %s links to", (page) => {
    const text = readFileSync(join(root, page), "utf8").replace(/^```[\s\S]*?^```$/gm, "");
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!.replace(/#.*$/, ""));
    const own = targets.filter((target) => target !== "" && !/^[a-z]+:/.test(target));
    const paths = own.map((target) => join(dirname(page), target).replace(/\/$/, ""));
    const dead = paths.filter((path) => !packed.some((file) => file === path || file.startsWith(`${path}/`)));
    expect(dead).toEqual([]);
  });

  test("has the pages that README.md names", () => {
    expect(pages).toEqual(expect.arrayContaining(["README.md", "docs/cli.md", "checker/README.md"]));
  });
});
