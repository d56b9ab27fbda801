import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { closingLine } from "./closing-line.ts";

const directory = mkdtempSync(join(tmpdir(), "fio-report-"));
afterAll(() => rmSync(directory, { recursive: true }));

function report(passed: number, failed: number, pending = 0): string {
  const path = join(directory, `${passed}-${failed}-${pending}.json`);
  const counts = {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: 0,
  };
  writeFileSync(path, JSON.stringify(counts));
  return path;
}

test("a run ends with which servers it had, and how many tests passed and failed", () => {
  expect(closingLine(report(812, 0), "containers")).toBe("containers: 812 passed, 0 failed");
  expect(closingLine(report(810, 2), "embedded")).toBe("embedded: 810 passed, 2 failed");
  expect(closingLine(report(9, 0, 1), "embedded")).toBe("embedded: 9 passed, 0 failed, 1 skipped");
});

test("a run without a test, or without a report, has nothing to say", () => {
  expect(closingLine(report(0, 0), "embedded")).toBeNull();
  expect(closingLine(join(directory, "none.json"), "embedded")).toBeNull();
});
