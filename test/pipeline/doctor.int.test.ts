import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { run, type Finished } from "../../scripts/lib/run.ts";
import { ROOT } from "../../scripts/lib/services.ts";
import { request } from "../support/client.ts";
import { postgresDatabase } from "../support/databases.ts";
import { creation } from "../support/events.ts";
import { startSystem, type System } from "../support/system.ts";
import { until } from "../support/until.ts";

/* Real things are broken, one by one, and the page has its line. */

let system: System;
let redis: Redis;
const undo: Array<() => unknown> = [];
beforeAll(async () => {
  system = await startSystem({ roles: ["worker", "api"], web: true });
  redis = new Redis(system.redis.url);
  redis.on("error", () => {});
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});
afterAll(async () => {
  redis.disconnect();
  await system.remove();
});

const WORKER = 0;

function doctor(env: Record<string, string> = {}): Promise<Finished> {
  return run(process.execPath, [join(ROOT, "services/conversations/src/doctor.ts")], {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"],
      ...{ REDIS_URL: system.redis.url, DATABASE_URL: system.databaseUrl, DATA_DIR: system.dataDir },
      ...{ INGEST_URL: system.ingestUrl, API_URL: system.apiUrl, WEB_URL: system.webUrl },
      WORKER_URL: system.conversations[WORKER]?.url,
      ...env,
    },
  });
}

/** The lines that are not ok; the disk is the machine's own, and its processors may be busy. */
const complaints = (output: string): string[] =>
  output.split("\n").filter((line) => /^[!X] /.test(line) && !/ disk | timers come /.test(line));

/** Looks again until the page has it: what a process says of itself comes a moment later. */
const sees = (line: RegExp, env?: Record<string, string>): Promise<Finished> =>
  until(
    async () => {
      const found = await doctor(env);
      return line.test(found.output) && found;
    },
    { what: `the doctor says ${line}`, limitMs: 25_000, everyMs: 250 },
  );

test("of a system that works every line is ok, with the version of each part", async () => {
  // Ready is who can work; the live stream may follow a moment later.
  const { output, code } = await until(
    async () => {
      const found = await doctor();
      return complaints(found.output).length === 0 && found;
    },
    { what: "the doctor finds nothing", everyMs: 250 },
  );
  for (const part of ["ingest", "worker", "api", "web"])
    expect(output).toMatch(new RegExp(`^  ok +${part} +\\d+\\.\\d+\\.\\d+, ready, at http`, "m"));
  for (const about of ["redis", "backlog", "database", "schema", "refusals", "live stream"])
    expect(output).toMatch(new RegExp(`^  ok +${about} `, "m"));
  expect([0, 1]).toContain(code);
});

test("a Redis that may lose what was accepted", async () => {
  await redis.config("SET", "appendonly", "no");
  await redis.config("SET", "maxmemory-policy", "allkeys-lru");
  undo.push(() => redis.config("SET", "appendonly", "yes"));
  undo.push(() => redis.config("SET", "maxmemory-policy", "noeviction"));
  const { output, code } = await doctor();
  expect(complaints(output)).toEqual([
    expect.stringMatching(/warning +redis +maxmemory-policy is allkeys-lru: .* set noeviction$/),
    expect.stringMatching(/warning +redis +appendonly is no: .* set yes$/),
  ]);
  expect(code).toBe(1);
});

test("a worker that does not run, and what waits for it", async () => {
  const worker = system.conversations[WORKER];
  await worker?.kill();
  undo.push(() => worker?.start());
  expect((await request(`${system.ingestUrl}/webhook/`, { body: creation() })).status).toBe(202);
  const { output, code } = await doctor();
  expect(output).toMatch(/X FAULT +worker +does not answer at http.*ECONNREFUSED/);
  expect(output).toMatch(/-> Start it and read its last lines: docker compose up -d worker/);
  expect(output).toMatch(/ok +backlog +1 events are accepted and not applied/);
  expect(code).toBe(2);
});

test("a migration that has not been run", async () => {
  const database = new DatabaseSync(system.databaseUrl.replace("sqlite:", ""));
  undo.push(() => database.close());
  const row = database.prepare("select * from knex_migrations order by id desc limit 1").get();
  const { id, name, batch, migration_time: time } = row as Record<string, string | number>;
  database.prepare("delete from knex_migrations where id = ?").run(id!);
  const back = "insert into knex_migrations (id, name, batch, migration_time) values (?, ?, ?, ?)";
  undo.push(() => database.prepare(back).run(id!, name!, batch!, time!));
  const { output, code } = await sees(/X FAULT +api .* is not ready: the schema lacks/);
  expect(output).toContain(`the schema lacks ${name}: run the migration first`);
  expect(output).toMatch(/X FAULT +schema .*\n +-> docker compose up -d migrate/);
  expect(code).toBe(2);
});

test("a database that cannot hold every character, and whose user is superuser", async () => {
  const database = await postgresDatabase({ encoding: "SQL_ASCII" });
  undo.push(database.remove);
  const { output, code } = await doctor({ DATABASE_URL: database.url });
  expect(output).toMatch(/ok +database +Postgres \d+.*, SQL_ASCII, at /);
  expect(output).toMatch(/X FAULT +database +its encoding is SQL_ASCII/);
  expect(output).toMatch(/! warning +roles +\S+ is superuser/);
  expect(output).toMatch(/X FAULT +schema +the schema lacks 001-initial/);
  expect(code).toBe(2);
});

test("an api without its live stream, a Redis that is away, and no password in what it says", async () => {
  await system.redis.kill();
  undo.push(() => system.redis.start());
  const url = system.redis.url.replace("redis://", "redis://somebody:a-secret-password@");
  const { output, code } = await sees(/X FAULT +api +does not read the live stream/, { REDIS_URL: url });
  expect(output).toMatch(/X FAULT +redis +does not answer at 127\.0\.0\.1:\d+ \(ECONNREFUSED/);
  expect(output).toMatch(/X FAULT +ingest .* is not ready: /);
  expect(output).not.toContain("a-secret-password");
  expect(code).toBe(2);
});

test("nothing at all: each line says where it looked, and no database is made", async () => {
  const nowhere = "http://127.0.0.1:9";
  const env = { INGEST_URL: nowhere, API_URL: nowhere, WORKER_URL: nowhere, WEB_URL: nowhere, REDIS_URL: "" };
  const path = join(system.dataDir, "none.db");
  const { output, code } = await doctor({ ...env, DATABASE_URL: `sqlite:${path}` });
  expect(output).toMatch(/X FAULT +redis +nobody says where it is/);
  expect(output).toContain(`there is none at ${path}`);
  expect(existsSync(path)).toBe(false);
  expect(code).toBe(2);
});
