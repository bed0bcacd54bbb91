/** Files that commands write: what they may take the place of, and what stays. */
import { execFileSync, spawn } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scratch } from "./support/built.ts";
import { runHere } from "./support/here.ts";

let cwd = "";
let log = "";

const written = (output: string) =>
  runHere(["simulate", "--seed", "3", "--events", "40", "--output", output], { cwd });

beforeAll(async () => {
  cwd = scratch();
  log = (await runHere(["simulate", "--seed", "3", "--events", "40"], { cwd })).out;
  expect(log.length).toBeGreaterThan(1000);
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test("a file is replaced and keeps its mode", async () => {
  writeFileSync(join(cwd, "old.txt"), "old", { mode: 0o640 });
  expect((await written("old.txt")).code).toBe(0);
  expect(readFileSync(join(cwd, "old.txt"), "utf8")).toBe(log);
  expect(statSync(join(cwd, "old.txt")).mode & 0o777).toBe(0o640);
});

test("what a link leads to is replaced, not the link", async () => {
  mkdirSync(join(cwd, "there"));
  writeFileSync(join(cwd, "there/real.txt"), "old");
  symlinkSync("there/real.txt", join(cwd, "link"));
  symlinkSync("there/new.txt", join(cwd, "dangling"));
  for (const [link, file] of [
    ["link", "real.txt"],
    ["dangling", "new.txt"],
  ] as const) {
    expect((await written(link)).code).toBe(0);
    expect(lstatSync(join(cwd, link)).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(cwd, "there", file), "utf8")).toBe(log);
  }
  expect(readdirSync(join(cwd, "there")).sort()).toEqual(["new.txt", "real.txt"]);
});

test("links that lead to each other are refused", async () => {
  symlinkSync("b", join(cwd, "a"));
  symlinkSync("a", join(cwd, "b"));
  const { code, err } = await written("a");
  expect([code, err]).toEqual([2, expect.stringContaining("a: cannot write: links lead round in a circle")]);
});

test("a pipe is written to and stays one", async () => {
  const pipe = join(cwd, "pipe");
  execFileSync("mkfifo", [pipe]);
  const reader = spawn("cat", [pipe], { stdio: ["ignore", "pipe", "inherit"] });
  let read = "";
  reader.stdout.setEncoding("utf8").on("data", (text: string) => {
    read += text;
  });
  const ended = new Promise((done) => reader.on("close", done));
  expect((await written("pipe")).code).toBe(0);
  await ended;
  expect(read).toBe(log);
  expect(lstatSync(pipe).isFIFO()).toBe(true);
});

test("nothing else is left in the folder", () => {
  expect(readdirSync(cwd).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});
