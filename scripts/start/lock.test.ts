import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { takeLock } from "./lock.ts";

const dataDir = mkdtempSync(join(tmpdir(), "fio-lock-"));
afterAll(() => rmSync(dataDir, { recursive: true }));

test("a second start with the same data is told who has it, and gets it once that one has ended", () => {
  const first = takeLock(dataDir);
  expect(first.left).toBeNull();
  const [ingest, conversations, web] = [8000, 8001, 3000].map((port) => `http://127.0.0.1:${port}`);
  first.note({
    pid: 4711,
    ports: [8000, 8001, 3000],
    urls: { ingest: ingest!, conversations: conversations!, web: web! },
  });
  expect(() => takeLock(dataDir)).toThrow(/process 4711.*http:\/\/127\.0\.0\.1:3000/);
  first.release();
  const second = takeLock(dataDir);
  expect(second.left).toBeNull();
  second.release();
});

test("a data directory that cannot be made is told by its variable", () => {
  expect(() => takeLock("/dev/null/fio")).toThrow(/^DATA_DIR: /);
});
