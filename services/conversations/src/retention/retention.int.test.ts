import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  CHANGES_FIELD,
  CHANGES_KEY,
  receiptOf,
  type AcceptedAct,
  type AcceptedEvent,
  type AcceptedUpdate,
} from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { startRedis, type RedisServer } from "../../../../test/support/redis-server.ts";
import { until } from "../../../../test/support/until.ts";
import { applyBatch, keepInternalError } from "../store/apply.ts";
import type { Store } from "../store/connect.ts";
import { endLease, renewLease, takeLease } from "../store/leases.ts";
import { readThread } from "../store/queries/thread.ts";
import { SIDE_WRITES, apply, migratedStore, storyOf, told } from "../store/testing/fixture.ts";
import { createRig } from "../worker/testing/rig.ts";
import { retire, type Retired } from "./retire.ts";

type Story = ReturnType<typeof storyOf>;

const NOW = 1_800_000_000_000;
const TABLES = { conversations: "id", messages: "conversation_id", unapplied_events: "conversation_id" };

const traces = async ({ write }: Store, id: string): Promise<number> => {
  const rows = await Promise.all(
    Object.entries(TABLES).map(([table, column]) => write(table).where(column, id).select(column)),
  );
  return rows.flat().length;
};

forEachDatabase(({ create }) => {
  let server: RedisServer;
  let redis: Redis;
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
    ({ store, remove } = await migratedStore(create));
  });
  afterAll(async () => {
    redis.disconnect();
    await remove();
    await server.remove();
  });

  const round = (before: string, rest: (tookMs: number) => Promise<void> = async () => {}) =>
    retire({
      ...{ store, rest, partitions: [redis], now: () => NOW },
      before: before as AcceptedEvent["receipt"],
      announce: () => Promise.resolve(true),
      signal: new AbortController().signal,
    });
  const unfinished = async (): Promise<number> =>
    (await store.write("tombstones").whereNull("finished_at").select("conversation_id")).length;
  const closed = async (of: Story = storyOf()): Promise<Story> => {
    await apply(store, of.created(1), of.message(2), of.closed(3));
    return of;
  };
  const put = <One extends AcceptedEvent | AcceptedAct>(
    one: One,
    { under }: Story,
    receipt: number,
  ): One => ({
    ...one,
    // Apart from what that story says itself.
    receipt: under(1_000 + receipt),
  });

  test("what is closed and has long been quiet goes; what is open, young or waits stays", async () => {
    const [old, seenOld, open, late, seen, justClosed, refused, unsent, homeless, halfOld, failed] =
      Array.from({ length: 11 }, () => storyOf()) as [
        ...[Story, Story, Story, Story, Story, Story, Story, Story, Story, Story, Story],
      ];
    const young = storyOf();
    for (const of of [old, refused]) await closed(of);
    await apply(store, open.created(1), open.message(2));
    // A message after the close waits for an agent, for as long as none has seen to it.
    for (const of of [late, seen, seenOld]) {
      await closed(of);
      await apply(store, of.message(5));
    }
    await apply(store, seenOld.resolved(6, 5), put(seen.resolved(6, 5), young, 1));
    await apply(store, justClosed.created(1), put(justClosed.closed(2), young, 2));
    await apply(store, put(refused.message(4, { direction: "SENT" }), young, 3));
    const answer = unsent.message(2, { direction: "SENT", author: { id: "ana", name: "Ana" } });
    await applyBatch(store, { ...SIDE_WRITES, events: [unsent.created(1), answer], delivers: true });
    await apply(store, unsent.closed(3));
    await apply(store, homeless.message(1), homeless.closed(2));
    await apply(store, halfOld.message(1), put(halfOld.message(2), young, 4));
    await keepInternalError(store, { ...SIDE_WRITES, accepted: failed.closed(1), detail: "a fault" });
    const update: AcceptedUpdate = {
      receipt: failed.under(2),
      event: {
        type: "UPDATE_CONTACT",
        timestamp: failed.at(1),
        data: { channel: "whatsapp", id: randomUUID(), name: "Zebrina" },
      },
    };
    await keepInternalError(store, { ...SIDE_WRITES, accepted: update, detail: "a fault" });
    await closed(young);

    expect(await round(young.under(0))).toEqual({
      conversations: 2,
      waiting: 2,
      updates: 1,
      goneOnWith: 0,
    } satisfies Retired);
    for (const of of [old, seenOld, homeless, failed]) expect(await traces(store, of.id)).toBe(0);
    for (const of of [open, late, seen, justClosed, refused, unsent, halfOld, young])
      expect(await traces(store, of.id)).toBeGreaterThan(0);
    expect(await store.write("unapplied_events").where({ receipt: update.receipt }).select()).toEqual([]);
    expect(await unfinished()).toBe(0);

    const again = [old.message(7), put(old.created(0), young, 8), homeless.created(9)];
    expect(told(await apply(store, ...again), ...again)).toEqual(["erased", "erased", "erased"]);
    expect((await readThread(store.read, { id: old.id, limit: 1 })).kind).toBe("no conversation");
    // Nothing more to do, until something more is old.
    expect(await round(young.under(0))).toMatchObject({ conversations: 0, waiting: 0, updates: 0 });
    expect(await traces(store, halfOld.id)).toBe(2);
    expect(await round(storyOf().under(0))).toMatchObject({ waiting: 1 });
  });

  test("a round that ends anywhere in the middle is gone on with, and nothing of it is left", async () => {
    const makeSome = async (): Promise<Story[]> => {
      const some = [await closed(), storyOf(), await closed()];
      await apply(store, some[1]!.message(1), some[1]!.message(2));
      return some;
    };
    await round(storyOf().under(0));
    for (let transactions = 0; ; transactions += 1) {
      const some = await makeSome();
      const before = storyOf().under(0);
      let left = transactions;
      const dies = async (): Promise<void> => {
        if (left === 0) throw new Error("killed");
        left -= 1;
        return Promise.resolve();
      };
      const ended = await round(before, dies).then(
        () => true,
        () => false,
      );
      const first = ended ? 0 : await unfinished();
      const { conversations, waiting, goneOnWith } = await round(before);
      expect(goneOnWith).toBe(first);
      expect(conversations + waiting + goneOnWith).toBeLessThanOrEqual(3);
      for (const { id } of some) expect(await traces(store, id)).toBe(0);
      expect(await unfinished()).toBe(0);
      if (ended) {
        expect(transactions).toBeGreaterThan(10);
        break;
      }
    }
  });

  test("an operator's erasure that is not finished is left to the operator", async () => {
    const id = randomUUID();
    await store.write("tombstones").insert({ conversation_id: id, erased_at: NOW });
    await round(storyOf().under(0));
    expect(await unfinished()).toBe(1);
    await store.write("tombstones").where({ conversation_id: id }).update({ finished_at: NOW });
  });

  test("one worker at a time has the round, and again only when it is due", async () => {
    const [a, b] = ["a", "b"].map((holder) => ({ name: randomUUID(), holder })) as [
      { name: string; holder: string },
      { name: string; holder: string },
    ];
    b.name = a.name;
    const at = (now: number) => ({ now, forMs: 100, latest: now + 10_000 });
    expect(await takeLease(store, { ...a, ...at(1_000) })).toBe(true);
    expect(await takeLease(store, { ...b, ...at(1_050) })).toBe(false);
    expect(await renewLease(store, { ...a, ...at(1_050) })).toBe(true);
    expect(await takeLease(store, { ...b, ...at(1_120) })).toBe(false);
    // It stood still for too long.
    expect(await takeLease(store, { ...b, ...at(1_150) })).toBe(true);
    expect(await renewLease(store, { ...a, ...at(1_151) })).toBe(false);
    await endLease(store, { ...a, notBefore: 0 });
    expect(await takeLease(store, { ...a, ...at(1_152) })).toBe(false);
    await endLease(store, { ...b, notBefore: 5_000 });
    expect(await takeLease(store, { ...a, ...at(4_999) })).toBe(false);
    expect(await takeLease(store, { ...a, ...at(5_000) })).toBe(true);
    // Whoever put it off for ever had a clock that was wrong.
    await endLease(store, { ...a, notBefore: 900_000 });
    expect(await takeLease(store, { ...b, ...at(5_001) })).toBe(true);
  });

  const YEAR = 365 * 86_400_000;
  const timing = { askMs: 20, everyMs: 60_000, leaseMs: 10_000, pauseMs: 1 };
  const forget = () => store.write("leases").where({ name: "retention" }).delete();
  const due = async (): Promise<number> => {
    const rows = await store
      .write("leases")
      .where({ name: "retention" })
      .select<Array<{ not_before: unknown }>>("not_before");
    return Number(rows[0]?.not_before ?? 0);
  };
  /** Closed a month ago, with which nothing is wrong. */
  const monthOld = async (): Promise<Story> => {
    const of = storyOf();
    const at = (Date.now() - YEAR / 12) * 1_000;
    await apply(
      store,
      { ...of.created(1), receipt: receiptOf(Math.floor(at)) },
      { ...of.closed(3), receipt: receiptOf(Math.floor(at) + 1) },
    );
    return of;
  };

  test("a worker whose clock is wrong erases nothing, and keeps no other from it", async () => {
    await forget();
    const [young, old] = [await monthOld(), await closed()];
    const rig = await createRig(server.url);
    for (const off of [YEAR, -YEAR])
      rig.start({ store, retention: { days: 300, timing }, now: () => Date.now() + off });
    await sleep(1_000);
    expect([await due(), await traces(store, young.id), await traces(store, old.id)]).toEqual([0, 1, 2]);
    rig.start({ store, retention: { days: 300, timing } });
    await until(async () => (await traces(store, old.id)) === 0, { what: "what is old is erased" });
    await sleep(500);
    expect(await traces(store, young.id)).toBe(1);
    await rig.close();
  });

  test("a clock that went far ahead since the last round erases nothing for a day, and set right nothing is put off", async () => {
    await forget();
    const name = "retention";
    await store.write("leases").insert({ name, holder: "a", expires_at: 0, not_before: Date.now() - YEAR });
    const old = await closed();
    const rig = await createRig(server.url);
    rig.start({ store, retention: { days: 300, timing } });
    await until(async () => (await due()) > Date.now(), { what: "the round is put off" });
    expect((await due()) - Date.now()).toBeGreaterThan(86_000_000);
    await sleep(200);
    expect(await traces(store, old.id)).toBe(2);
    await store
      .write("leases")
      .where({ name })
      .update({ not_before: Date.now() + YEAR });
    await until(async () => (await traces(store, old.id)) === 0, { what: "what is old is erased" });
    await rig.close();
  });

  test("of two workers one does it; who looks on is told, and the live stream forgets what is as old", async () => {
    await forget();
    const word = "Zebrafilha";
    const entry = JSON.stringify([{ event: "message", text: word }]);
    await redis.del(CHANGES_KEY);
    await redis.xadd(CHANGES_KEY, `${NOW - 400 * 86_400_000}-0`, CHANGES_FIELD, entry);
    const stories = [await closed(), await closed(), await closed()];
    const fresh = storyOf();
    const recent = receiptOf(Date.now() * 1_000);
    await apply(store, fresh.created(1), { ...fresh.closed(3), receipt: recent });
    const rig = await createRig(server.url);
    const timing = { askMs: 50, everyMs: 60_000, leaseMs: 10_000, pauseMs: 1 };
    const workers = [1, 2].map(() => rig.start({ store, retention: { days: 300, timing } }));
    const erased = async (): Promise<number> => {
      const values = await Promise.all(
        workers.map(async ({ registry }) => {
          const metric = await registry.getSingleMetric("fio_retention_erased_total")?.get();
          return metric?.values.map(({ value }) => value) ?? [];
        }),
      );
      return values.flat().reduce((sum, value) => sum + value, 0);
    };
    await until(async () => (await unfinished()) === 0 && (await erased()) >= stories.length, {
      what: "all that is old is erased",
    });
    const changes = await rig.changes();
    const gone = changes.flatMap((one) => (one.event === "erased" ? [one.conversation_id] : []));
    for (const { id } of stories) expect(gone.filter((one) => one === id)).toEqual([id]);
    expect(gone).not.toContain(fresh.id);
    expect(await traces(store, fresh.id)).toBe(1);
    expect(JSON.stringify(changes)).not.toContain(word);
    await rig.close();
  });
});
