import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { ROOT } from "../lib/services.ts";

/** What vitest's JSON reporter writes, as far as it is read. `status` is a file's: a hook that failed counts, too. */
export type Report = {
  testResults: {
    name: string;
    status: "passed" | "failed";
    assertionResults: { status: "passed" | "failed" | "pending" | "skipped" | "todo" }[];
  }[];
};

/** The runner's own report, or `null` when there is none. */
export function readReport(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch {
    return null;
  }
}

/** The files of browser tests that failed, from the root. Empty when anything else failed: a second run does not help. */
export function failedInBrowser(report: Report | null): string[] {
  const failed = (report?.testResults ?? [])
    .filter(({ status }) => status === "failed")
    .map(({ name }) => relative(ROOT, name));
  return failed.every((file) => file.startsWith("test/browser/")) ? failed : [];
}

/** What a run came to when the files of `second` ran again: there, what the second says counts. */
export function withSecondRun(first: Report, second: Report): Report {
  const rerun = new Set(second.testResults.map(({ name }) => name));
  return {
    testResults: [...first.testResults.filter(({ name }) => !rerun.has(name)), ...second.testResults],
  };
}

/** The line that a run ends with: which servers the tests used, and their results. `null` when no test ran. */
export function closingLine({ testResults }: Report, servers: "containers" | "embedded"): string | null {
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  const passed = all.filter(({ status }) => status === "passed").length;
  const failed = all.filter(({ status }) => status === "failed").length;
  const skipped = all.length - passed - failed;
  if (passed + failed === 0) return null;
  return `${servers}: ${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}
