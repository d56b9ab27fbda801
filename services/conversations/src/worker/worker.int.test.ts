import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { receiptOf, type AcceptedEvent, type JobEvent, type Receipt, type Reply } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { startRedis, type RedisServer } from "../../../../test/support/redis-server.ts";
import { until } from "../../../../test/support/until.ts";
import { replay } from "../replay.ts";
import { applyBatch } from "../store/apply.ts";
import type { Store } from "../store/connect.ts";
import { SIDE_WRITES, apply, holdingsOf, migratedStore, storyOf, word } from "../store/testing/fixture.ts";
import type { Apply } from "./applier.ts";
import { createRig, type Rig } from "./testing/rig.ts";

forEachDatabase(({ create }) => {
  let server: RedisServer;
  let store: Store;
  let remove: () => Promise<void>;
  let rig: Rig;
  beforeAll(async () => {
    server = await startRedis();
    ({ store, remove } = await migratedStore(create));
  });
  afterAll(async () => {
    await remove();
    await server.remove();
  });
  beforeEach(async () => {
    rig = await createRig(server.url);
    await rig.redis.flushall();
  });
  afterEach(() => rig.close());

  const words = (told: Map<Receipt, Reply>, ...events: AcceptedEvent[]): string[] =>
    events.map(({ receipt }) => word(told.get(receipt)?.outcome));
  const failingFor =
    (fails: (event: JobEvent) => boolean): Apply =>
    (of, batch) => {
      if (batch.events.some(fails)) throw new TypeError("cannot read properties of undefined");
      return applyBatch(of, batch);
    };

  test("what an agent did is applied, announced and told, and what is malformed of it is kept", async () => {
    const { id, created, message, closed, resolved } = storyOf();
    rig.start({ store });
    const [late, act, broken] = [message(3), resolved(4, 3), resolved(5, 3)];
    const malformed = { ...broken, event: { ...broken.event, timestamp: "?" } } as unknown as JobEvent;
    const told = await rig.ask(created(1), closed(2), late, act, malformed);
    expect([act, broken].map(({ receipt }) => word(told.get(receipt)?.outcome))).toEqual([
      "applied",
      "INTERNAL_ERROR",
    ]);
    await rig.idle();
    const rows = await store
      .read("unapplied_events")
      .where({ conversation_id: id })
      .orderBy("receipt")
      .select<unknown[]>("type", "reason", "resolved");
    expect(rows).toEqual([
      { type: "NEW_MESSAGE", reason: "CONVERSATION_CLOSED", resolved: 1 },
      { type: "RESOLVE_REJECTION", reason: "INTERNAL_ERROR", resolved: null },
    ]);
    expect((await rig.changes()).slice(-2)).toMatchObject([
      { event: "rejection", receipt: broken.receipt },
      { event: "refusals" },
    ]);
  });

  test("of a backlog of small jobs most are fetched with the report of another, not by themselves", async () => {
    const { created, message } = storyOf();
    await rig.send(created(1));
    const jobs = 1_200;
    await rig.queue.addBulk(
      Array.from({ length: jobs }, (_, at) => ({
        name: "events",
        data: { v: 1 as const, events: [message(at + 2)] },
      })),
    );
    await rig.redis.config("RESETSTAT");
    rig.start({ store });
    await rig.idle(30_000);
    // Every report that a job is done is a script, and so is a fetch by itself.
    const [, scripts] = /cmdstat_evalsha:calls=(\d+)/.exec(await rig.redis.info("commandstats")) ?? [];
    expect(Number(scripts)).toBeGreaterThan(jobs);
    expect(Number(scripts)).toBeLessThan(1.5 * jobs);
  });

  test("a job's events are applied, announced and told to whoever waits", async () => {
    rig.start({ store });
    const { id, created, message, closed } = storyOf();
    const events = [created(1), message(2), closed(3), message(4)];
    const told = await rig.ask(...events);
    expect(words(told, ...events)).toEqual(["applied", "applied", "applied", "CONVERSATION_CLOSED"]);
    await rig.idle();
    const changes = await rig.changes();
    expect(changes.map(({ event }) => event)).toEqual(["conversation", "message", "rejection", "refusals"]);
    expect(changes[0]).toMatchObject({ conversation: { id, state: "CLOSED", message_count: 1, version: 1 } });
    await until(async () => (await store.read("outbox").select()).length === 0, {
      what: "the outbox is empty",
    });
  });

  test("a duplicate is told the outcome of the event that it repeats", async () => {
    rig.start({ store });
    const { created, message, under } = storyOf();
    const first = message(2);
    const again = { ...first, receipt: under(3) };
    await rig.ask(created(1), first);
    const told = await rig.ask(again);
    expect(told.get(again.receipt)).toMatchObject({
      outcome: { kind: "applied" },
      duplicateOf: first.receipt,
    });
  });

  test("who has no grace is told at once that the conversation is missing", async () => {
    rig.start({ store, graceSeconds: 0 });
    const { message } = storyOf();
    const early = message(2);
    // A worker that has not read the queue yet cannot tell.
    await until(async () => words(await rig.ask(early), early)[0] === "CONVERSATION_NOT_FOUND", {
      what: "it is told that the conversation is missing",
    });
  });

  test("the worker that brings a conversation in tells those who waited for it, whoever has taken their events", async () => {
    const { worker } = rig.start({ store, graceSeconds: 3_000_000_000 });
    const { created, message, closed, under } = storyOf();
    const early = message(2);
    const repeated = { ...early, receipt: under(4) };
    const refused = message(6);
    const said = await rig.ask(early, repeated, closed(5), refused);
    expect(words(said, early, repeated, refused)).toEqual(["waiting", "waiting", "waiting"]);
    await worker.close();
    rig.start({ store });
    await rig.send(created(1));
    await rig.tells(early.receipt, "applied");
    await rig.tells(repeated.receipt, "applied");
    await rig.tells(refused.receipt, "CONVERSATION_CLOSED");
  });

  test("what is left in the outbox still tells those who waited", async () => {
    rig.start({ store, graceSeconds: 3_000_000_000 });
    const { created, message } = storyOf();
    const early = message(2);
    await rig.ask(early);
    // As a worker that was killed between its commit and the announcement.
    await applyBatch(store, { ...SIDE_WRITES, events: [created(1)] });
    await rig.tells(early.receipt, "applied");
  });

  test("jobs that are there together share a transaction", async () => {
    const sizes: number[] = [];
    const stories = Array.from({ length: 60 }, () => storyOf());
    for (const [index, { created }] of stories.entries()) await rig.send(created(100 + index));
    rig.start({
      store,
      apply: (of, batch) => {
        sizes.push(batch.events.length);
        return applyBatch(of, batch);
      },
    });
    await rig.idle();
    expect(sizes.reduce((sum, size) => sum + size)).toBe(60);
    expect(sizes.length).toBeLessThan(30);
  });

  test("an event that fails is kept as INTERNAL_ERROR, its neighbours are applied, and a replay gets it in", async () => {
    const { id, created, message } = storyOf();
    const poison = message(3, { content: "poison" });
    const events = [created(1), message(2), poison, message(4), message(5)];
    const { worker } = rig.start({
      store,
      apply: failingFor(({ event }) => event.type === "NEW_MESSAGE" && event.data.content === "poison"),
    });
    const told = await rig.ask(...events);
    expect(words(told, ...events)).toEqual(["applied", "applied", "INTERNAL_ERROR", "applied", "applied"]);
    const { applied, unapplied } = await holdingsOf(store, [id]);
    expect(applied.size).toBe(4);
    expect(unapplied.get(poison.receipt)?.detail).toBe("TypeError: cannot read properties of undefined");
    await worker.close();

    rig.start({ store });
    expect(await replay({ store, queue: rig.queue, receipt: poison.receipt })).toEqual({ kind: "queued" });
    await until(async () => (await holdingsOf(store, [id])).applied.size === 5, { what: "it got in" });
    expect((await holdingsOf(store, [id])).unapplied.size).toBe(0);
  });

  test("only what failed by our own fault can be replayed", async () => {
    const { created, under } = storyOf();
    const refused = created(2, 7);
    await apply(store, created(1), refused);
    expect(await replay({ store, queue: rig.queue, receipt: refused.receipt })).toEqual({
      kind: "not_replayable",
      reason: "CONVERSATION_ALREADY_EXISTS",
    });
    expect(await replay({ store, queue: rig.queue, receipt: under(3) })).toEqual({
      kind: "unknown",
    });
  });

  test("a malformed event that names its ids is kept, its neighbours are applied", async () => {
    rig.start({ store });
    const { id, created, message } = storyOf();
    const bad = {
      ...message(3),
      event: { ...message(3).event, timestamp: "yesterday" },
    } as unknown as AcceptedEvent;
    await rig.send(created(1), bad, message(4));
    await rig.idle();
    const { applied, unapplied } = await holdingsOf(store, [id]);
    expect([applied.size, unapplied.get(bad.receipt)?.reason]).toEqual([2, "INTERNAL_ERROR"]);
    expect(unapplied.get(bad.receipt)?.detail).toMatch(/^malformed: timestamp: must be a real date/);
  });

  test("a job of a later version stays in the queue, and is whole for whoever knows it", async () => {
    const lines: string[] = [];
    const log = pino({ level: "warn" }, { write: (line: string) => lines.push(line) });
    const { registry } = rig.start({ store, log });
    const [conversation, other] = [storyOf(), storyOf()];
    const job = await rig.queue.add("events", { v: 2, events: [other.created(1)] } as never);
    const left = () => registry.getSingleMetricAsString("fio_worker_left_jobs_total");
    await until(async () => /[1-9]$/m.test(await left()), { what: "it is left" });
    // What came after it goes on.
    const [reply] = (await rig.ask(conversation.created(2))).values();
    expect(reply?.outcome).toMatchObject({ kind: "applied" });
    await until(async () => (await job.getState()) === "delayed", { what: "it is in the queue" });
    expect(await rig.queue.getJobCounts("failed")).toMatchObject({ failed: 0 });
    // Once, however often it comes back.
    await until(async () => /[2-9]$/m.test(await left()), { what: "it has come back" });
    const said = lines.filter((line) => line.includes("stays in the queue for a worker that knows it"));
    expect(said.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ level: 40, version: 2 }]);
    // The worker of that version comes: here, one that finds the version that it knows.
    await job.updateData({ v: 1, events: [other.created(1)] });
    await job.promote();
    await rig.idle();
    await expect(store.read("conversations").where({ id: other.id })).resolves.toHaveLength(1);
  });

  test("what cannot even be kept stays in the failed set, and its neighbours are applied", async () => {
    const { registry } = rig.start({ store });
    const { id, created, under } = storyOf();
    const bad = { receipt: under(3), event: { type: "REOPEN_CONVERSATION", data: { id } } };
    await rig.send(created(1), bad as unknown as AcceptedEvent);
    await rig.queue.add("events", { v: 1 } as never);
    await rig.idle();
    expect((await holdingsOf(store, [id])).applied.size).toBe(1);
    expect(await rig.queue.getFailedCount()).toBe(2);
    expect(await registry.getSingleMetricAsString("fio_worker_unreadable_jobs_total")).toMatch(/ 2$/);
  });

  test("what was committed and not announced is announced by whoever comes next", async () => {
    await store.write("outbox").delete();
    const { id, created, message } = storyOf();
    await applyBatch(store, { ...SIDE_WRITES, now: Date.now() - 5_000, events: [created(1), message(2)] });
    rig.start({ store });
    await until(async () => (await rig.changes()).length > 0, { what: "it is announced" });
    expect(await rig.changes()).toMatchObject([{ conversation: { id } }, { conversation_id: id }]);
    await until(async () => (await store.read("outbox").select()).length === 0, {
      what: "the outbox is empty",
    });
  });

  test("of two events under one receipt the second is told that it failed, and kept under a receipt of its own", async () => {
    const { registry } = rig.start({ store });
    const [one, other] = [storyOf(), storyOf()];
    const first = one.message(5);
    const second = { ...other.message(5), receipt: first.receipt };
    await rig.ask(one.created(1), other.created(1), first);
    expect(words(await rig.ask(second), second)).toEqual(["INTERNAL_ERROR"]);
    const kept = [...(await holdingsOf(store, [other.id])).unapplied];
    expect(kept.map(([, { event }]) => JSON.parse(event) as unknown)).toEqual([second.event]);
    expect(kept[0]![0] > second.receipt).toBe(true);
    expect(words(await rig.ask(first), first)).toEqual(["applied"]);
    await rig.idle();
    expect(await registry.metrics()).toMatch(/^fio_worker_shared_receipts_total 1$/m);
  });

  test("a passing fault of the store is waited out and burns no attempt", async () => {
    const { created } = storyOf();
    let failures = 5;
    rig.start({
      store,
      apply: (of, batch) => {
        if (failures-- > 0) throw Object.assign(new Error("deadlock detected"), { code: "40P01" });
        return applyBatch(of, batch);
      },
    });
    const event = created(1);
    expect(words(await rig.ask(event), event)).toEqual(["applied"]);
    expect(failures).toBeLessThan(0);
  });

  test("a worker that is stopped while the store is away gives its jobs back at once", async () => {
    const { created, id } = storyOf();
    let tries = 0;
    const { worker } = rig.start({
      store,
      apply: () => {
        tries += 1;
        throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
      },
    });
    await rig.send(created(1));
    await until(() => tries > 2, { what: "it is retried" });
    const began = performance.now();
    await worker.close();
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await rig.queue.getJobCounts("wait", "active", "delayed", "failed")).toEqual({
      wait: 1,
      active: 0,
      delayed: 0,
      failed: 0,
    });
    rig.start({ store });
    await rig.idle();
    expect((await holdingsOf(store, [id])).applied.size).toBe(1);
  });

  test("a worker that is stopped under load finishes its transaction and gives back what has not begun", async () => {
    const stories = Array.from({ length: 40 }, () => storyOf());
    let begun = 0;
    const { worker } = rig.start({
      store,
      apply: async (of, batch) => {
        begun += 1;
        await new Promise((resolve) => setTimeout(resolve, 300));
        return applyBatch(of, batch);
      },
    });
    const [first, ...rest] = stories.map(({ created }) => created(1));
    await rig.send(first!);
    await until(() => begun === 1, { what: "a transaction has begun" });
    for (const event of rest) await rig.send(event);
    await worker.close();
    const applied = (
      await holdingsOf(
        store,
        stories.map(({ id }) => id),
      )
    ).applied.size;
    const { wait, active, failed } = await rig.queue.getJobCounts("wait", "active", "failed");
    expect([applied + (wait ?? 0), active, failed]).toEqual([40, 0, 0]);
    expect(wait).toBeGreaterThan(0);
    rig.start({ store });
    await rig.idle();
    expect(
      (
        await holdingsOf(
          store,
          stories.map(({ id }) => id),
        )
      ).applied.size,
    ).toBe(40);
  });

  test("a worker whose store never answers is closed all the same", async () => {
    const { worker } = rig.start({
      store,
      apply: () => new Promise(() => {}),
      timing: { lockMs: 1_000, stalledMs: 300, drainMs: 500, sweepMs: 100 },
    });
    await rig.send(storyOf().created(1));
    await until(async () => (await rig.queue.getActiveCount()) === 1, { what: "it is in hand" });
    const began = performance.now();
    await worker.close();
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  test("the receipts go on above the highest of the store when Redis has lost its key", async () => {
    const highest = receiptOf(9_000_000_000_000_000);
    await apply(store, { ...storyOf().created(1), receipt: highest });
    rig.start({ store });
    await until(async () => ((await rig.redis.get("{fio}:receipt")) ?? "") > highest, {
      what: "the floor is raised",
    });
    await rig.redis.del("{fio}:receipt");
    await rig.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await until(async () => ((await rig.redis.get("{fio}:receipt")) ?? "") > highest, {
      what: "the floor is raised again",
    });
  });
});
