import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { POSITION_HEADER } from "@fio/contracts";
import { repeat } from "@fio/service/repeat";
import { startPostgres, type PostgresServer } from "../../../../test/support/postgres-server.ts";
import { until } from "../../../../test/support/until.ts";
import { openReplica, openStore, type Store } from "../store/connect.ts";
import { migrate } from "../store/migrate.ts";
import { apply, storyOf } from "../store/testing/fixture.ts";
import { startApi, type Answer, type Api } from "./testing/start-api.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let primary: PostgresServer;
let follower: PostgresServer;
let store: Store;
/** Of the test's own, on the replica. */
let onReplica: Knex;
let api: Api;

beforeAll(async () => {
  const settings = ["fsync=off", "max_connections=50"];
  primary = await startPostgres({ settings });
  store = openStore(await primary.createDatabase("fio"));
  await migrate(store);
  follower = await startPostgres({ settings, replicaOf: primary });
  const url = follower.url;
  onReplica = openReplica(url);
  api = await startApi({ store, replica: openReplica(url), redisUrl: inject("redisUrl") });
  await api.announce();
});
afterAll(async () => {
  await api.close();
  await onReplica.destroy();
  await store.close();
  await follower.remove();
  await primary.remove();
});

const from = (server: "replica" | "primary") => api.metric("fio_api_reads_total", { from: server });
const usesReplica = () =>
  until(
    async () => {
      const before = await from("replica");
      expect((await api.get("/conversations/")).status).toBe(200);
      return (await from("replica")) > before;
    },
    { what: "the replica is read" },
  );

/** A conversation is committed and announced, as by a worker. */
async function tell(): Promise<{ id: string; position: string }> {
  const story = storyOf();
  await apply(store, story.created(1), story.message(2));
  const position = await api.announce({ event: "conversation", conversation: { id: story.id } } as never);
  return { id: story.id, position };
}

/** Positions of a stream of Redis. */
function isUpTo(one: string, other: string): boolean {
  const [[ms, n], [otherMs, otherN]] = [one, other].map((text) => text.split("-").map(Number)) as [
    [number, number],
    [number, number],
  ];
  return ms < otherMs || (ms === otherMs && n <= otherN);
}

const idsOf = ({ body }: Answer): Set<string> => new Set((body as Array<{ id: string }>).map(({ id }) => id));

/** Asks for lists and for what was told, while more is told; each must hold what it was preceded by and what it names. */
async function readWhileTelling({ times }: { times: number }): Promise<void> {
  const told: Array<{ id: string; position: string }> = [];
  for (let time = 0; time < times; time += 1) {
    const [next, list] = await Promise.all([tell(), api.get("/conversations/?limit=1000")]);
    expect(list.status).toBe(200);
    const position = list.headers.get(POSITION_HEADER);
    const ids = idsOf(list);
    // The position is of this stream once anything was heard of it.
    const named = told.filter((one) => position !== null && isUpTo(one.position, position));
    expect(named.filter(({ id }) => !ids.has(id))).toEqual([]);
    // Whoever was told of it before they asked finds it too.
    expect(told.filter(({ id }) => !ids.has(id))).toEqual([]);
    told.push(next);
    expect((await api.get(`/conversations/${next.id}`)).status).toBe(200);
  }
}

test("what was committed before a read is in it, read from the replica, up to the position that it names", async () => {
  await usesReplica();
  const before = await from("replica");
  await readWhileTelling({ times: 20 });
  expect(await from("replica")).toBeGreaterThan(before);
});

test("a replica that stands still is not read until it goes on", async () => {
  await usesReplica();
  await onReplica.raw("select pg_wal_replay_pause()");
  const before = await from("primary");
  await readWhileTelling({ times: 5 });
  expect(await from("primary")).toBeGreaterThan(before);
  await onReplica.raw("select pg_wal_replay_resume()");
  await usesReplica();
});

test("a replica that comes after by fractions of a second is waited for", async () => {
  await usesReplica();
  const done = new AbortController();
  const stutter = repeat(
    async () => {
      await onReplica.raw("select pg_wal_replay_pause()");
      await sleep(20);
      await onReplica.raw("select pg_wal_replay_resume()");
    },
    { everyMs: 20, signal: done.signal },
  );
  await readWhileTelling({ times: 15 });
  done.abort();
  await stutter;
});

test.each(["killed", "paused"] as const)(
  "a replica is %s: the primary is read, and the replica again when it is back",
  async (how) => {
    await usesReplica();
    if (how === "killed") await follower.kill();
    else follower.pause();
    await readWhileTelling({ times: 5 });
    expect((await api.get("/readyz")).status).toBe(200);
    if (how === "killed") await follower.start();
    else follower.resume();
    await usesReplica();
  },
);

test("the primary is away: what the replica holds is read, under the position that it is known to hold", async () => {
  const { id, position } = await tell();
  await until(async () => (await api.get("/conversations/")).headers.get(POSITION_HEADER) === position, {
    what: "the position was heard",
  });
  await usesReplica();
  await primary.kill();
  const list = await api.get("/conversations/?limit=1000");
  expect(list.status).toBe(200);
  expect(list.headers.get(POSITION_HEADER)).toBe(position);
  expect(idsOf(list)).toContain(id);
  expect((await api.get("/readyz")).status).toBe(200);
  await primary.start();
  await usesReplica();
  await readWhileTelling({ times: 3 });
});

test("a replica that was promoted is none: the primary is read", async () => {
  await usesReplica();
  await onReplica.raw("select pg_promote()");
  const { id } = await tell();
  expect((await api.get(`/conversations/${id}`)).status).toBe(200);
  const before = await from("replica");
  await readWhileTelling({ times: 3 });
  expect(await from("replica")).toBe(before);
});
