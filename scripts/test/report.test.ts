import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ROOT } from "../lib/services.ts";
import { closingLine, failedInBrowser, readReport, type Report, withSecondRun } from "./report.ts";

const directory = mkdtempSync(join(tmpdir(), "fio-report-"));
afterAll(() => rmSync(directory, { recursive: true }));

type File = Report["testResults"][number];

function file(name: string, passed: number, failed: number, skipped = 0): File {
  const results = (status: "passed" | "failed" | "skipped", length: number): File["assertionResults"] =>
    Array.from({ length }, () => ({ status }));
  return {
    name: join(ROOT, name),
    status: failed === 0 ? "passed" : "failed",
    assertionResults: [
      ...results("passed", passed),
      ...results("failed", failed),
      ...results("skipped", skipped),
    ],
  };
}
const report = (...testResults: File[]): Report => ({ testResults });
const [page, law] = ["test/browser/pages.test.ts", "services/conversations/src/domain/law.test.ts"];

test("a run ends with which servers it had, and how many tests passed and failed", () => {
  expect(closingLine(report(file(page, 800, 0), file(law, 12, 0)), "containers")).toBe(
    "containers: 812 passed, 0 failed",
  );
  expect(closingLine(report(file(page, 810, 2)), "embedded")).toBe("embedded: 810 passed, 2 failed");
  expect(closingLine(report(file(page, 9, 0, 1)), "embedded")).toBe(
    "embedded: 9 passed, 0 failed, 1 skipped",
  );
});

test("a run without a test, or without a report, has nothing to say", () => {
  expect(closingLine(report(), "embedded")).toBeNull();
  expect(readReport(join(directory, "none.json"))).toBeNull();
  writeFileSync(join(directory, "cut.json"), "{");
  expect(readReport(join(directory, "cut.json"))).toBeNull();
});

test("files of browser tests run again, and none when anything else failed", () => {
  expect(failedInBrowser(report(file(page, 3, 1), file(law, 9, 0)))).toEqual([page]);
  expect(failedInBrowser(report(file(page, 3, 1), file(law, 8, 1)))).toEqual([]);
  expect(failedInBrowser(report(file(page, 4, 0)))).toEqual([]);
  expect(failedInBrowser(null)).toEqual([]);
});

test("of a file that ran again the second run counts, whatever it says", () => {
  const first = report(file(page, 3, 1), file(law, 9, 0));
  expect(closingLine(withSecondRun(first, report(file(page, 4, 0))), "embedded")).toBe(
    "embedded: 13 passed, 0 failed",
  );
  expect(closingLine(withSecondRun(first, report(file(page, 2, 2))), "embedded")).toBe(
    "embedded: 11 passed, 2 failed",
  );
});
