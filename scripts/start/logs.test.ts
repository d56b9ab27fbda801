import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { openLog, readable } from "./logs.ts";

const line = (level: number, more: object = {}) =>
  JSON.stringify({
    level,
    time: 1,
    pid: 2,
    hostname: "h",
    name: "ingest",
    msg: "redis error, reconnecting",
    ...more,
  });

test("warnings and errors are shown as people read them", () => {
  expect(readable(line(40, { err: { message: "ECONNREFUSED" }, connection: "queue" }))).toBe(
    "warn redis error, reconnecting (ECONNREFUSED) connection=queue",
  );
  expect(readable(line(50))).toBe("error redis error, reconnecting");
});

test("what only tells that all is well is not shown, unless asked for", () => {
  expect(readable(line(30))).toBeNull();
  expect(readable(line(30), true)).toBe("info redis error, reconnecting");
});

test("a line that is no log line is shown as it is, an empty one is not", () => {
  expect(readable("INGEST_PORT: must be a port")).toBe("INGEST_PORT: must be a port");
  expect(readable("{ not json")).toBe("{ not json");
  expect(readable("  ")).toBeNull();
});

test("every line is kept in the service's file", async () => {
  const directory = mkdtempSync(join(tmpdir(), "fio-logs-"));
  const shown: string[] = [];
  const log = openLog({ directory, name: "web", verbose: false, show: (text) => shown.push(text) });
  log.write(line(30));
  log.write(line(40));
  log.close();
  await vi.waitFor(() => {
    expect(readFileSync(join(directory, "web.log"), "utf8")).toBe(`${line(30)}\n${line(40)}\n`);
  });
  expect(shown).toEqual(["web: warn redis error, reconnecting"]);
  rmSync(directory, { recursive: true });
});
