import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    dir: "test",
    include: ["**/*.test.ts"],
    exclude: ["dist/**", "node_modules/**"],
    testTimeout: 120_000,
    // vitest leaves one core idle by default; half of these tests wait for processes of their own.
    maxWorkers: 2,
    setupFiles: ["./test/seed.ts"],
  },
});
