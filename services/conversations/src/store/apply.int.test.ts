import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Timestamp } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { keepInternalError } from "./apply.ts";
import type { Store } from "./connect.ts";
import { highestReceipt } from "./receipts.ts";
import {
  SIDE_WRITES,
  apply,
  changesOf,
  holdingsOf,
  migratedStore,
  storyOf,
  told,
} from "./testing/fixture.ts";

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await migratedStore(create)));
  afterAll(() => remove());

  const rowOf = async (id: string) => (await holdingsOf(store, [id])).rows.get(id);
  const reasons = async (id: string): Promise<string[]> =>
    [...(await holdingsOf(store, [id])).unapplied.values()].map(({ reason }) => reason).toSorted();

  test("a creation, its messages and its close are applied", async () => {
    const { id, created, message, closed, at } = storyOf();
    const events = [created(1), message(2), message(3, { direction: "SENT", content: "Oi" }), closed(4)];
    expect(told(await apply(store, ...events), ...events)).toEqual(events.map(() => "applied"));
    expect(await rowOf(id)).toMatchObject({
      state: "CLOSED",
      created_at: at(0),
      closed_at: at(50),
      version: 1,
      message_count: 2,
      last_message_preview: "Oi",
      last_message_direction: "SENT",
      activity_at: at(10),
    });
  });

  test("an equal event is a duplicate, and nothing is kept of it", async () => {
    const { id, created, message, closed, under } = storyOf();
    const events = [created(1), message(2), closed(3)];
    await apply(store, ...events);
    const again = events.map((one, index) => ({ ...one, receipt: under(10 + index) }));
    const applied = await apply(store, ...again);
    expect(told(applied, ...again)).toEqual(["duplicate", "duplicate", "duplicate"]);
    expect(applied.outcomes.get(again[1]!.receipt)).toEqual({ kind: "duplicate", of: events[1]!.receipt });
    expect(applied.announcement).toBeNull();
    expect([(await rowOf(id))?.version, await reasons(id)]).toEqual([1, []]);
  });

  test("a duplicate with a lower receipt lowers the stored one", async () => {
    const { id, created, message, under } = storyOf();
    const first = message(5);
    await apply(store, created(4), first);
    const lower = { ...first, receipt: under(2) };
    const applied = await apply(store, created(1), lower);
    expect(told(applied, lower)).toEqual(["applied"]);
    const { applied: events, unapplied } = await holdingsOf(store, [id]);
    expect([...events.keys()].toSorted()).toEqual([under(1), under(2)]);
    expect([unapplied.size, (await rowOf(id))?.message_count]).toEqual([0, 1]);
    // Whoever shows the message must hear of its other receipt, not of its removal.
    expect(changesOf(applied).map(({ event }) => event)).toEqual(["conversation", "message"]);
  });

  test("what comes before its conversation waits, and counts at its own receipt once that comes", async () => {
    const { id, created, message, closed } = storyOf();
    const waiting = [message(1), closed(2), message(3)];
    const early = await apply(store, ...waiting);
    expect(told(early, ...waiting)).toEqual(["waiting", "waiting", "waiting"]);
    // Whoever lists what was left out looks when the grace is over; of the conversation there is nothing to tell.
    expect(changesOf(early)).toMatchObject([{ event: "refusals", what: "waiting" }]);
    expect(await reasons(id)).toEqual(Array.from({ length: 3 }, () => "CONVERSATION_NOT_FOUND"));

    const creation = created(9);
    const late = await apply(store, creation);
    expect(told(late, creation, ...waiting)).toEqual([
      "applied",
      "applied",
      "applied",
      "CONVERSATION_CLOSED",
    ]);
    expect(await reasons(id)).toEqual(["CONVERSATION_CLOSED"]);
    expect(await rowOf(id)).toMatchObject({ state: "CLOSED", message_count: 1, version: 1 });
  });

  test("a conversation that is only waited for leaves no row behind", async () => {
    const { id, message, closed } = storyOf();
    await apply(store, message(1), closed(2));
    await apply(store, message(3));
    expect(await rowOf(id)).toBeUndefined();
    expect(await reasons(id)).toHaveLength(3);
  });

  test("another event of the same subject is refused, with its reason", async () => {
    const { id, created, message, closed } = storyOf();
    const messageId = randomUUID();
    await apply(store, created(1), message(2, { messageId }), closed(3));
    const others = [created(4, 1), message(5, { messageId, content: "outra" }), closed(6, 51)];
    expect(told(await apply(store, ...others), ...others)).toEqual([
      "CONVERSATION_ALREADY_EXISTS",
      "MESSAGE_ID_CONFLICT",
      "CONVERSATION_ALREADY_CLOSED",
    ]);
    expect(await reasons(id)).toEqual([
      "CONVERSATION_ALREADY_CLOSED",
      "CONVERSATION_ALREADY_EXISTS",
      "MESSAGE_ID_CONFLICT",
    ]);
  });

  test("a lower receipt takes the place of what was applied for the same subject", async () => {
    const { id, created, message, closed, at } = storyOf();
    const messageId = randomUUID();
    await apply(store, created(11), message(12, { messageId, content: "primeira" }), closed(13));
    await apply(store, closed(6, 40), message(5, { messageId, content: "segunda" }), created(4, 1));
    const { applied } = await holdingsOf(store, [id]);
    expect([...applied.values()].map(({ event }) => event.timestamp).toSorted()).toEqual([
      at(1),
      at(10),
      at(40),
    ]);
    expect(await rowOf(id)).toMatchObject({ last_message_preview: "segunda", message_count: 1 });
    expect(await reasons(id)).toEqual([
      "CONVERSATION_ALREADY_CLOSED",
      "CONVERSATION_ALREADY_EXISTS",
      "MESSAGE_ID_CONFLICT",
    ]);
  });

  test("a message received before the close gets in, even when applied after it", async () => {
    const { created, message, closed } = storyOf();
    await apply(store, created(1), closed(9));
    const before = message(5);
    const after = message(10);
    expect(told(await apply(store, before, after), before, after)).toEqual([
      "applied",
      "CONVERSATION_CLOSED",
    ]);
  });

  test("a close that is applied late takes the messages after it out again", async () => {
    const { id, created, message, closed, at } = storyOf();
    const stays = message(2, { content: "fica" });
    const goes = message(6, { content: "sai", timestamp: at(20) });
    await apply(store, created(1), stays, goes, message(7, { content: "sai também", timestamp: at(21) }));
    const applied = await apply(store, closed(5));
    expect(told(applied, goes)).toEqual(["CONVERSATION_CLOSED"]);
    expect(await rowOf(id)).toMatchObject({
      state: "CLOSED",
      message_count: 1,
      last_message_preview: "fica",
      activity_at: at(10),
      version: 2,
    });
    expect(await reasons(id)).toEqual(["CONVERSATION_CLOSED", "CONVERSATION_CLOSED"]);
    expect(changesOf(applied).map(({ event }) => event)).toEqual([
      "conversation",
      "message_removed",
      "message_removed",
      "rejection",
      "rejection",
      "refusals",
    ]);
  });

  test("a message id that two conversations use is in the store once, in one batch and in two", async () => {
    const [one, other] = [storyOf(), storyOf()];
    const messageId = randomUUID();
    const events = [
      one.created(1),
      other.created(1),
      one.message(2, { messageId }),
      other.message(2, { messageId }),
    ];
    const words = told(await apply(store, ...events), ...events).slice(2);
    expect(words.toSorted()).toEqual(["MESSAGE_ID_CONFLICT", "applied"]);
    expect(await store.read("messages").where({ id: messageId })).toHaveLength(1);

    const third = storyOf();
    const late = third.message(2, { messageId });
    expect(told(await apply(store, third.created(1), late), late)).toEqual(["MESSAGE_ID_CONFLICT"]);
    expect(await rowOf(third.id)).toMatchObject({ message_count: 0, last_message_at: null });
    const again = { ...late, receipt: third.under(3) };
    const repeated = await apply(store, again);
    expect(repeated.outcomes.get(again.receipt)).toEqual({ kind: "duplicate", of: late.receipt });
    expect(told(repeated, late)).toEqual(["MESSAGE_ID_CONFLICT"]);
    expect(repeated.announcement).toBeNull();
  });

  test("a re-run yields the same outcomes and changes nothing", async () => {
    const { id, created, message, closed } = storyOf();
    const messageId = randomUUID();
    const events = [
      created(1),
      message(2, { messageId }),
      closed(3),
      message(4),
      message(5, { messageId, content: "outra" }),
    ];
    const first = await apply(store, ...events);
    const second = await apply(store, ...events.toReversed());
    expect(told(second, ...events)).toEqual(told(first, ...events));
    expect(second.announcement).toBeNull();
    expect((await rowOf(id))?.version).toBe(1);
  });

  test("a refusal is news to whoever shows the conversation, once", async () => {
    const { id, created } = storyOf();
    await apply(store, created(1));
    const refused = created(2, 7);
    expect(changesOf(await apply(store, refused))).toMatchObject([
      { event: "conversation", conversation: { id, version: 2 } },
      { event: "rejection", version: 2, rejection: { receipt: refused.receipt, event: refused.event } },
      { event: "refusals", what: "other" },
    ]);
    expect(changesOf(await apply(store, refused))).toEqual([]);
  });

  test("contents and microseconds survive as they were sent", async () => {
    const { id, created, message } = storyOf();
    const content = "  \u202bשלום\u202c 👩‍👩‍👧 'aspas' \"duplas\" \\ \u0007\r\n\ttab %s ? $1 ";
    const timestamp = "2025-02-21T10:20:42.000001Z" as Timestamp;
    await apply(store, created(1), message(2, { content, timestamp }));
    const { applied } = await holdingsOf(store, [id]);
    const held = [...applied.values()].find(({ event }) => event.type === "NEW_MESSAGE");
    expect(held?.event).toMatchObject({ timestamp, data: { content } });
  });

  test("a preview ends at 160 units, and never inside a surrogate pair", async () => {
    const { id, created, message } = storyOf();
    await apply(store, created(1), message(2, { content: `${"a".repeat(159)}👍 e mais` }));
    expect((await rowOf(id))?.last_message_preview).toBe("a".repeat(159));
  });

  test("the newest message is the one with the latest timestamp, and among equals the highest receipt", async () => {
    const { id, created, message, at } = storyOf();
    await apply(store, created(1), message(3, { content: "b", timestamp: at(30) }));
    await apply(store, message(4, { content: "antes", timestamp: at(29) }));
    expect((await rowOf(id))?.last_message_preview).toBe("b");
    await apply(store, message(2, { content: "a", timestamp: at(30) }));
    expect((await rowOf(id))?.last_message_preview).toBe("b");
    await apply(store, message(5, { content: "c", timestamp: at(30) }));
    expect(await rowOf(id)).toMatchObject({ last_message_preview: "c", message_count: 4 });
  });

  test("a thousand of the largest events are one batch", { timeout: 120_000 }, async () => {
    const stories = Array.from({ length: 20 }, () => storyOf());
    const content = "olá ".repeat(16_384);
    const creations = stories.map(({ created }) => created(0));
    const messages = stories.flatMap(({ message }) =>
      Array.from({ length: 49 }, (_, index) => message(index + 1, { content })),
    );
    const events = [...messages, ...creations];
    expect(events).toHaveLength(1_000);
    const applied = await apply(store, ...events);
    expect(new Set(told(applied, ...events))).toEqual(new Set(["applied"]));
    const rows = (
      await holdingsOf(
        store,
        stories.map(({ id }) => id),
      )
    ).rows;
    expect([...rows.values()].map((row) => row.message_count)).toEqual(stories.map(() => 49));
    expect(changesOf(applied)).toHaveLength(20 + 980);
    for (const entry of applied.announcement?.entries ?? []) expect(entry.length).toBeLessThan(512 * 1024);
  });

  test("a fault is kept under its own receipt and counts for nothing until it is tried again", async () => {
    const { id, created, message, under } = storyOf();
    const failed = message(2);
    await apply(store, created(1));
    await keepInternalError(store, { ...SIDE_WRITES, accepted: failed, detail: "TypeError" });
    expect(await reasons(id)).toEqual(["INTERNAL_ERROR"]);
    const equal = { ...failed, receipt: under(3) };
    expect(told(await apply(store, equal), equal)).toEqual(["applied"]);
    expect(told(await apply(store, failed), failed)).toEqual(["applied"]);
    const { applied, unapplied } = await holdingsOf(store, [id]);
    expect([applied.has(failed.receipt), applied.has(equal.receipt), unapplied.size]).toEqual([
      true,
      false,
      0,
    ]);
  });

  test("a fault does not take its subject from others", async () => {
    const { id, created, message, closed } = storyOf();
    const messageId = randomUUID();
    await apply(store, created(1), closed(3));
    for (const accepted of [message(2, { messageId }), message(4, { messageId }), created(0, 7)])
      await keepInternalError(store, { ...SIDE_WRITES, accepted, detail: "TypeError" });
    const late = message(9, { messageId, content: "tarde" });
    expect(told(await apply(store, late), late)).toEqual(["CONVERSATION_CLOSED"]);
    expect(await reasons(id)).toEqual(["CONVERSATION_CLOSED", ...Array<string>(3).fill("INTERNAL_ERROR")]);
  });

  test("what is in the store already is not kept as a fault", async () => {
    const { id, created, message, closed } = storyOf();
    const events = [created(1), message(2), closed(3), message(4)];
    await apply(store, ...events);
    for (const accepted of [...events, ...events]) {
      await keepInternalError(store, { ...SIDE_WRITES, accepted, detail: "TypeError" });
    }
    expect(await reasons(id)).toEqual(["CONVERSATION_CLOSED"]);
    expect((await holdingsOf(store, [id])).applied.size).toBe(3);
  });

  test("a fault of a conversation that is not known is kept without a row for it", async () => {
    const { id, message } = storyOf();
    await keepInternalError(store, { ...SIDE_WRITES, accepted: message(2), detail: "TypeError" });
    expect([await rowOf(id), await reasons(id)]).toEqual([undefined, ["INTERNAL_ERROR"]]);
  });

  test("the highest receipt is known, whatever became of its event", async () => {
    const { created, message } = storyOf();
    const [creation, refused, waiting] = [created(7_000), created(8_000, 3), storyOf().message(1)];
    await apply(store, creation);
    expect(await highestReceipt(store)).toBe(creation.receipt);
    await apply(store, refused);
    expect(await highestReceipt(store)).toBe(refused.receipt);
    await apply(store, waiting);
    expect(await highestReceipt(store)).toBe(waiting.receipt);
    await apply(store, message(7_001));
    expect(await highestReceipt(store)).toBe(waiting.receipt);
  });
});
