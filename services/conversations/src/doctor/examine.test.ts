import { describe, expect, test } from "vitest";
import { checkDisks } from "./check-disks.ts";
import { checkIssuer } from "./check-issuer.ts";
import { checkParts } from "./check-parts.ts";
import { checkRedis } from "./check-redis.ts";
import { checkStore } from "./check-store.ts";
import { examine } from "./examine.ts";
import type { Finding } from "./finding.ts";
import { exitCode, page } from "./page.ts";
import type { Counted, PartAnswer, PartMetrics } from "./picture.ts";
import { wellPart, wellRedis, wellStore } from "./testing/pictures.ts";

/** What is not ok, as `level about: text`. */
const bad = (findings: Finding[]): string[] =>
  findings
    .filter(({ level }) => level !== "ok")
    .map(({ level, about, text }) => `${level} ${about}: ${text}`);

const well = {
  ...{ version: "0.1.0", parts: [wellPart], redis: wellRedis, store: wellStore },
  disks: [{ path: "/", freeBytes: 2 ** 40 }],
  issuer: { kind: "none" } as const,
};

test("where all is well every line is ok, and the page says so", () => {
  const findings = examine(well);
  expect(bad(findings)).toEqual([]);
  expect(exitCode(findings)).toBe(0);
  const text = page(findings, { version: "0.1.0", now: new Date(0) });
  expect(text).toMatch(/^Fio 0\.1\.0, 1970-01-01T00:00:00\.000Z: all is well\n/);
  for (const about of ["ingest", "redis", "backlog", "database", "schema", "roles", "refusals", "disk"])
    expect(text).toMatch(new RegExp(`^  ok +${about} `, "m"));
});

test("what is not ok says what to do, is counted, and is the exit status", () => {
  const findings = examine({ ...well, redis: { ...wellRedis, evictedKeys: 3, failedJobs: 1 } });
  const text = page(findings, { version: "0.1.0", now: new Date(0) });
  expect(text).toContain(": 1 fault, 1 warning\n");
  expect(text).toMatch(/X FAULT +redis +it has evicted 3 keys.*\n +-> Set maxmemory-policy to noeviction/);
  expect(exitCode(findings)).toBe(2);
  expect(exitCode(examine({ ...well, redis: { ...wellRedis, failedJobs: 1 } }))).toBe(1);
});

describe("parts", () => {
  const part = (changes: Partial<PartAnswer>, metrics: Partial<PartMetrics> = {}) =>
    bad(checkParts([{ ...wellPart, metrics: { ...wellPart.metrics, ...metrics }, ...changes }], "0.1.0"));

  test("one that does not answer is a fault with its address and why", () => {
    const silent = { name: "worker", kind: "silent", address: "http://worker:8001", error: "ECONNREFUSED" };
    expect(bad(checkParts([silent as never], "0.1.0"))).toEqual([
      "fault worker: does not answer at http://worker:8001 (ECONNREFUSED)",
    ]);
  });
  test("one that is not ready says what it says itself", () => {
    expect(part({ fault: "no write to the store" })).toEqual([
      "fault ingest: 0.1.0, at http://127.0.0.1:8000, is not ready: no write to the store",
    ]);
  });
  test("another version than the doctor's is an upgrade that is not finished", () => {
    expect(part({}, { version: "0.0.9" })).toEqual([
      "warning ingest: runs 0.0.9, and this doctor is of 0.1.0",
    ]);
  });
  test("metrics that cannot be read", () => {
    expect(part({ metrics: null })).toEqual(["warning ingest: its metrics cannot be read"]);
  });
  test("a process that does not keep up", () => {
    expect(part({}, { eventLoopSeconds: 1.24 })).toEqual([
      "warning ingest: its timers come 1.2 s late on average",
    ]);
  });
  test("an api that reads no live stream", () => {
    expect(part({}, { feedUp: true })).toEqual([]);
    expect(part({}, { feedUp: false })).toEqual([
      "fault ingest: does not read the live stream: agents see nothing new until it does",
    ]);
  });
  test("a worker that leaves jobs of a later version in the queue", () => {
    expect(part({}, { leftJobs: 3 })).toEqual([
      "warning ingest: leaves jobs in the queue that a later version of Fio has queued: it cannot read them",
    ]);
  });
  test("what it refused is told, and no warning", () => {
    const metrics = { ...wellPart.metrics, refused: { SIGNATURE_INVALID: 3, NOT_JSON: 0 } };
    expect(checkParts([{ ...wellPart, metrics }], "0.1.0")).toContainEqual({
      ...{ about: "ingest", level: "ok", text: "refused requests since it started: SIGNATURE_INVALID 3" },
    });
  });
  test("a clock that is off by more than 2 s, either way", () => {
    expect(part({ skewMs: 2_000 })).toEqual([]);
    expect(part({ skewMs: 61_000 })).toEqual(["warning ingest: its clock is 61 s ahead of this machine's"]);
    expect(part({ skewMs: -3_000 })).toEqual(["warning ingest: its clock is 3 s behind this machine's"]);
  });
});

describe("redis", () => {
  const redis = (changes: Partial<typeof wellRedis>) => bad(checkRedis({ ...wellRedis, ...changes }));
  const waiting = (count: number, oldestMs: number) =>
    redis({ queue: { ...wellRedis.queue, events: { waiting: count, active: 1, delayed: 0 }, oldestMs } });

  test("one that nobody names, and one that does not answer", () => {
    expect(bad(checkRedis({ kind: "not named" }))[0]).toMatch(/^fault redis: nobody says where it is/);
    expect(bad(checkRedis({ kind: "silent", address: "redis:6379", error: "ECONNREFUSED" }))).toEqual([
      "fault redis: does not answer at redis:6379 (ECONNREFUSED)",
    ]);
  });
  test("each setting by which accepted events can be lost", () => {
    expect(redis({ risks: ["appendonly is no: …", "maxmemory is 0: …"] })).toEqual([
      "warning redis: appendonly is no: …",
      "warning redis: maxmemory is 0: …",
    ]);
  });
  test("memory, before ingest refuses and from then on", () => {
    expect(redis({ memoryShare: null })).toEqual([]);
    expect(redis({ memoryShare: 0.59 })).toEqual([]);
    expect(redis({ memoryShare: 0.6 })[0]).toMatch(/^warning redis: 60 % of maxmemory/);
    expect(redis({ memoryShare: 0.8 })[0]).toMatch(/^fault redis: 80 % of maxmemory is used: ingest/);
  });
  test("keys that it has evicted, and a file that it cannot write", () => {
    expect(redis({ evictedKeys: 3 })[0]).toMatch(/^fault redis: it has evicted 3 keys/);
    expect(redis({ persistence: { lastWrite: "err", lastRewrite: "ok" } })[0]).toMatch(
      /^fault redis: its append-only file cannot be written \(last write err/,
    );
    expect(redis({ persistence: { lastWrite: "ok", lastRewrite: "err" } })).toHaveLength(1);
  });
  test("a backlog counts by the age of its oldest event, not by its size", () => {
    expect(waiting(100_000, 30_000)).toEqual([]);
    expect(waiting(4, 31_000)).toEqual([
      "warning backlog: 5 events are accepted and not applied, the oldest since 31 s",
    ]);
    expect(waiting(4, 3_700_000)[0]).toBe(
      "fault backlog: 5 events are accepted and not applied, the oldest since 62 min",
    );
  });
  test("jobs in the failed set", () => {
    expect(redis({ failedJobs: 2 })[0]).toMatch(/^warning backlog: 2 jobs could be neither applied nor kept/);
  });
});

describe("database", () => {
  const store = (changes: Partial<typeof wellStore>) => bad(checkStore({ ...wellStore, ...changes }));
  const many: Counted = 1_001;

  test("one that is not there, and one that does not answer", () => {
    expect(bad(checkStore({ kind: "missing", address: ".data/fio.db" }))).toEqual([
      "fault database: there is none at .data/fio.db",
    ]);
    expect(bad(checkStore({ kind: "silent", address: "db/fio", error: "28P01: …" }))).toEqual([
      "fault database: does not answer at db/fio (28P01: …)",
    ]);
  });
  test("an encoding that lacks characters, of Postgres alone", () => {
    expect(store({ encoding: "SQL_ASCII" })[0]).toMatch(/^fault database: its encoding is SQL_ASCII/);
    expect(store({ dialect: "sqlite", encoding: "UTF-8", mostConnections: null, roles: [] })).toEqual([]);
  });
  test("a schema that does not fit", () => {
    expect(store({ schemaFault: "the schema lacks 015-authors: run the migration first" })).toEqual([
      "fault schema: the schema lacks 015-authors: run the migration first",
    ]);
  });
  test("a part that comes in as superuser, and connections that run out", () => {
    const roles = [{ name: "fio", superuser: true, connections: 81 }];
    expect(store({ roles })).toEqual([
      expect.stringMatching(/^warning roles: fio is superuser/),
      "warning roles: 81 of 100 connections are in use",
    ]);
  });
  test("what was refused by the law is told; what failed by our fault is a warning", () => {
    expect(store({ unapplied: { CONVERSATION_CLOSED: many } })).toEqual([]);
    expect(checkStore({ ...wellStore, unapplied: { CONVERSATION_CLOSED: many } })).toContainEqual({
      ...{ about: "refusals", level: "ok", text: "kept unapplied, by reason: CONVERSATION_CLOSED 1000+" },
    });
    expect(store({ unapplied: { INTERNAL_ERROR: 2 } })).toEqual([
      "warning refusals: 2 events failed by a fault of ours (INTERNAL_ERROR)",
    ]);
  });
  test("changes that agents are not told of", () => {
    expect(store({ outbox: { count: 5, oldestMs: 10_000 } })).toEqual([]);
    expect(store({ outbox: { count: 5, oldestMs: 11_000 } })[0]).toMatch(
      /^warning live stream: 5 transactions are applied and not announced, tried last 11 s ago/,
    );
    expect(store({ outbox: { count: many, oldestMs: 0 } })).toHaveLength(1);
  });
  test("an erasure that somebody has to go on with", () => {
    expect(store({ unfinishedErasures: 2 })[0]).toMatch(
      /^warning erasure: 2 conversations are erased and not finished/,
    );
    expect(store({ unfinishedErasures: null })).toEqual([]);
  });
  test("answers that do not leave, and that were given up", () => {
    expect(store({ answers: { waiting: 3, oldestMs: 300_000, failed: 0 } })).toEqual([]);
    expect(store({ answers: { waiting: 3, oldestMs: 301_000, failed: many } })).toEqual([
      expect.stringMatching(/^warning answers: 3 have not left, the oldest since 5 min/),
      "warning answers: 1000+ did not leave and were given up",
    ]);
    expect(store({ answers: null })).toEqual([]);
  });
  test("its clock", () => {
    expect(store({ skewMs: 10_000_000 })[0]).toMatch(/^warning database: its clock is 10000 s ahead/);
  });
});

test("disks: little left is a warning, nothing left a fault", () => {
  const disk = (mebibytes: number) => bad(checkDisks([{ path: "/", freeBytes: mebibytes * 2 ** 20 }]))[0];
  expect(disk(2_048)).toBeUndefined();
  expect(disk(1_024)).toBe("warning disk: 1.0 GiB left under /");
  expect(disk(100)).toBe("fault disk: 0.1 GiB left under /");
});

test("an issuer that agents sign in by: none is no matter, one that does not answer or calls itself otherwise is a fault", () => {
  const address = "https://id.example";
  expect(checkIssuer({ kind: "none" })).toEqual([]);
  expect(bad(checkIssuer({ kind: "answers", address, says: address }))).toEqual([]);
  expect(bad(checkIssuer({ kind: "silent", address, error: "ECONNREFUSED" }))).toEqual([
    "fault issuer: does not answer at https://id.example (ECONNREFUSED): who has no password cannot sign in",
  ]);
  expect(bad(checkIssuer({ kind: "answers", address, says: "https://id.example/" }))).toEqual([
    "fault issuer: calls itself https://id.example/, and OIDC_ISSUER is https://id.example: nobody can sign in by it",
  ]);
});
