import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeDurableDirectory } from "./durable-directory.ts";

// That its names outlive a power cut takes a disk that forgets: `npm run test:power`.
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "fio-durable-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("makes what is missing on the way, and leaves what is there", () => {
  makeDurableDirectory(join(dir, "a/b/c"));
  makeDurableDirectory(join(dir, "a/b/c"));
  expect(statSync(join(dir, "a/b/c")).isDirectory()).toBe(true);
});

test("takes a path from where the process is", () => {
  makeDurableDirectory(relative(process.cwd(), join(dir, "d/e")));
  expect(existsSync(join(dir, "d/e"))).toBe(true);
});
