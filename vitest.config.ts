import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./test/support/slowest-first.ts";

export default defineConfig({
  test: {
    globalSetup: ["test/support/global-setup.ts"],
    include: ["{packages,services,scripts,test,bench}/**/*.test.{ts,tsx}"],
    sequence: { sequencer: SlowestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    // A process for each file would load the same modules hundreds of times: a fifth of the whole run.
    isolate: false,
    // On two cores: most files wait for servers and clocks more than they compute.
    maxWorkers: 3,
  },
});
