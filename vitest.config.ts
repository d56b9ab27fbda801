import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./test/support/slowest-first.ts";

export default defineConfig({
  test: {
    globalSetup: ["test/support/global-setup.ts"],
    include: ["{packages,services,scripts,test}/**/*.test.{ts,tsx}"],
    sequence: { sequencer: SlowestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more files at once would only make the timings of each worse.
    maxWorkers: 2,
  },
});
