import { readFileSync } from "node:fs";

type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
};

/**
 * The line that a run ends with, from the runner's own report: which servers the tests used, and their results. `null`
 * when there is no report, or when no test ran.
 */
export function closingLine(reportFile: string, servers: "containers" | "embedded"): string | null {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(reportFile, "utf8")) as Report;
  } catch {
    return null;
  }
  const { numPassedTests: passed, numFailedTests: failed } = report;
  const skipped = report.numPendingTests + report.numTodoTests;
  if (passed + failed === 0) return null;
  return `${servers}: ${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}
