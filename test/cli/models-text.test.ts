import { expect, test } from "vitest";
import { kmmcheck } from "./support/memory-host.ts";

test("lists versions, parameters and properties", async () => {
  await expect((await kmmcheck("models")).out).toMatchFileSnapshot("../fixtures/cli/models.txt");
});

test("shows with --features what tells the versions apart", async () => {
  const { out } = await kmmcheck("models --features");
  await expect(out).toMatchFileSnapshot("../fixtures/cli/models-features.txt");
});

test("shows one model", async () => {
  const { out } = await kmmcheck("models turns");
  expect(out).toMatch(/^turns: /);
  expect(out).not.toContain("exit-race");
});
