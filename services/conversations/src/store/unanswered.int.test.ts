import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  receiptTimestamp,
  type AcceptedEvent,
  type Change,
  type ConversationRow,
  type DeliveryStatus,
  type JobEvent,
  type Timestamp,
} from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { cutAnywhere } from "../domain/testing/histories.ts";
import { applyBatch, keepInternalError, settleStep, type Applied } from "./apply.ts";
import type { Store } from "./connect.ts";
import { readThread } from "./queries/thread.ts";
import {
  SIDE_WRITES,
  apply,
  changesOf,
  columnFaults,
  holdingsOf,
  migratedStore,
  settleAll,
  storyOf,
  told,
} from "./testing/fixture.ts";

const HISTORIES = 300;

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await migratedStore(create)));
  afterAll(() => remove());

  async function shownRow(id: string): Promise<ConversationRow> {
    const read = await readThread(store.read, { id, limit: 1 });
    if (read.kind !== "read") throw new Error(read.kind);
    const { messages: _, ...row } = read.conversation;
    return row;
  }

  /** Since when the customer waits, as the last frame says; it must be what a reader is told. */
  async function since(id: string, applied: Applied): Promise<Timestamp | null> {
    const isRow = (change: Change) => change.event === "conversation" && change.conversation.id === id;
    const row = changesOf(applied).findLast(isRow) as Extract<Change, { event: "conversation" }> | undefined;
    const shown = await shownRow(id);
    if (row !== undefined) expect(row.conversation).toEqual(shown);
    return shown.waiting_since;
  }
  const answer = (timestamp: Timestamp) => ({ direction: "SENT" as const, timestamp });

  test("a customer waits since the first message that nobody answered", async () => {
    const { id, created, message, at } = storyOf();
    expect(await since(id, await apply(store, created(1)))).toBe(null);
    expect(await since(id, await apply(store, message(2, { timestamp: at(11) })))).toBe(at(11));
    expect(await since(id, await apply(store, message(3, { timestamp: at(12) })))).toBe(at(11));
    expect(await since(id, await apply(store, message(4, answer(at(13)))))).toBe(null);
    expect(await since(id, await apply(store, message(5, { timestamp: at(14) })))).toBe(at(14));
    // A colleague's second answer, and then one more question: all in one transaction.
    const both = [message(6, answer(at(15))), message(7, { timestamp: at(16) })];
    expect(await since(id, await apply(store, ...both))).toBe(at(16));
  });

  test("an answer that is applied before its question, and a question after its answer, count by their receipts", async () => {
    const { id, created, message, at, under } = storyOf();
    await apply(store, created(1), message(4, answer(at(14))));
    expect(await since(id, await apply(store, message(2, { timestamp: at(12) })))).toBe(null);
    expect(await since(id, await apply(store, message(5, { timestamp: at(15) })))).toBe(at(15));
    expect(await since(id, await apply(store, message(3, answer(at(13)))))).toBe(at(15));
    expect((await shownRow(id)).last_received_receipt).toBe(under(5));
  });

  test("a clock that is wrong hides nobody: what is above the last answer by place or by receipt waits", async () => {
    const behind = storyOf();
    await apply(store, behind.created(1), behind.message(2, answer(behind.at(20))));
    const slow = behind.message(3, { timestamp: behind.at(5) });
    expect(await since(behind.id, await apply(store, slow))).toBe(behind.at(5));
    expect(await since(behind.id, await apply(store, behind.message(4, answer(behind.at(4)))))).toBe(null);

    // Placed where they were received, all of them; `receipt` is the order.
    const ahead = storyOf();
    const later = (hours: number) => `2025-02-22T1${hours}:00:00.000000Z` as Timestamp;
    await apply(store, ahead.created(1), ahead.message(2, answer(later(5))));
    const next = ahead.message(3, { timestamp: later(1) });
    expect(await since(ahead.id, await apply(store, next))).toBe(receiptTimestamp(next.receipt));
    expect(await since(ahead.id, await apply(store, ahead.message(4, answer(later(0)))))).toBe(null);
  });

  test("whoever closes a conversation has done with it; what comes after the close waits", async () => {
    const { id, created, message, closed, at, under } = storyOf();
    await apply(store, created(1), message(2, { timestamp: at(12) }));
    expect(await since(id, await apply(store, closed(4)))).toBe(null);
    const late = message(6, { timestamp: at(16) });
    const refused = await apply(store, late);
    expect(told(refused, late)).toEqual(["CONVERSATION_CLOSED"]);
    expect(await since(id, refused)).toBe(at(16));
    expect(await since(id, await apply(store, message(7, { timestamp: at(11) })))).toBe(at(11));
    expect((await shownRow(id)).last_received_receipt).toBe(under(7));
    // What the business sends after the close reaches nobody, answers nothing, and waits for nothing.
    expect(await since(id, await apply(store, message(8, answer(at(18)))))).toBe(at(11));
  });

  test("a close that was overtaken makes what follows it late", async () => {
    const { id, created, message, closed, at } = storyOf();
    const early = message(2, { timestamp: at(12) });
    await apply(store, created(1), early, message(4, answer(at(14))), message(5, { timestamp: at(15) }));
    expect(await since(id, await apply(store, closed(3)))).toBe(at(15));
  });

  test("a late message that turns out to be a repetition waits no more", async () => {
    const { id, created, message, closed, at, under } = storyOf();
    const said = message(6, { timestamp: at(16) });
    await apply(store, created(1), closed(3));
    expect(await since(id, await apply(store, said))).toBe(at(16));
    const first = { ...said, receipt: under(2) };
    const undone = await apply(store, first);
    expect(told(undone, first)).toEqual(["applied"]);
    expect(await since(id, undone)).toBe(null);
  });

  test("the only unanswered message is taken over by an earlier answer under its id", async () => {
    const { id, created, message, at } = storyOf();
    const messageId = randomUUID();
    await apply(store, created(1), message(5, { messageId, timestamp: at(15) }));
    const earlier = message(3, { messageId, ...answer(at(13)) });
    expect(await since(id, await apply(store, earlier))).toBe(null);
    expect((await shownRow(id)).last_received_receipt).toBe(null);
  });

  test("the last answer is taken over by an earlier question under its id", async () => {
    const { id, created, message, at } = storyOf();
    const messageId = randomUUID();
    await apply(store, created(1), message(2, answer(at(11))), message(4, { timestamp: at(12) }));
    expect(await since(id, await apply(store, message(6, { messageId, ...answer(at(16)) })))).toBe(null);
    expect(await since(id, await apply(store, message(5, { messageId, timestamp: at(15) })))).toBe(at(12));
  });

  test("what failed by our own fault counts once it is tried again, where it belongs", async () => {
    const { id, created, message, closed, at } = storyOf();
    const kept = { ...SIDE_WRITES, detail: "Error: disk" };
    const [answered, asked, late] = [2, 4, 6].map((n) => message(n, { timestamp: at(10 + n) })) as [
      AcceptedEvent,
      AcceptedEvent,
      AcceptedEvent,
    ];
    await apply(store, created(1), message(3, answer(at(13))));
    for (const accepted of [answered, asked, late]) await keepInternalError(store, { ...kept, accepted });
    expect((await shownRow(id)).waiting_since).toBe(null);
    expect(await since(id, await apply(store, answered))).toBe(null);
    expect(await since(id, await apply(store, asked))).toBe(at(14));
    expect(await since(id, await apply(store, closed(5)))).toBe(null);
    expect(await since(id, await apply(store, late))).toBe(at(16));
  });

  test("an answer that did not reach the phone is none, and one that goes out after all is", async () => {
    const { id, created, message, status, at } = storyOf();
    const of = message(4, answer(at(14)));
    const later = message(7, answer(at(16)));
    await apply(
      store,
      created(1),
      message(2, { timestamp: at(12) }),
      message(3, answer(at(13))),
      message(5, { timestamp: at(15) }),
      of,
    );
    expect((await shownRow(id)).waiting_since).toBe(at(15));
    await apply(store, later);
    expect((await shownRow(id)).waiting_since).toBe(null);
    const failed = (receipt: number, of: AcceptedEvent, second: number) =>
      status(receipt, { of, is: "FAILED", timestamp: at(second), detail: "131047" });
    expect(await since(id, await apply(store, failed(8, later, 20)))).toBe(at(15));
    expect(await since(id, await apply(store, failed(9, of, 20)))).toBe(at(15));
    expect(
      await since(id, await apply(store, status(10, { of: later, is: "SENT", timestamp: at(19) }))),
    ).toBe(at(15));
    expect(
      await since(id, await apply(store, status(11, { of: later, is: "SENT", timestamp: at(21) }))),
    ).toBe(null);
    expect(await since(id, await apply(store, failed(12, later, 22)))).toBe(at(15));
    expect(
      await since(id, await apply(store, status(13, { of: later, is: "DELIVERED", timestamp: at(18) }))),
    ).toBe(null);
    expect(await since(id, await apply(store, failed(14, later, 40)))).toBe(null);
  });

  test("a failure that is told before its message, or of one that a close refused first, makes no answer of it", async () => {
    const { id, created, message, status, at } = storyOf();
    const early = message(5, answer(at(15)));
    const failure = { is: "FAILED" as const, timestamp: at(20) };
    await apply(store, created(1), message(2, { timestamp: at(12) }), status(3, { of: early, ...failure }));
    expect(await since(id, await apply(store, early))).toBe(at(12));

    const other = storyOf();
    const messageId = randomUUID();
    const refused = other.message(6, { messageId, ...answer(other.at(16)) });
    await apply(store, other.created(1), other.message(2, { timestamp: other.at(12) }));
    await apply(store, other.closed(4), refused, other.status(7, { of: refused, ...failure }));
    await apply(store, other.message(3, { messageId, ...answer(other.at(13)) }));
    expect(columnFaults(await holdingsOf(store, [id, other.id]))).toEqual([]);
  });

  test("what waited for its creation counts once that comes, step by step", async () => {
    const { id, created, message, closed, at } = storyOf();
    const limit = { events: 3, units: 1_000_000 };
    const questions = Array.from({ length: 10 }, (_, n) => message(10 + 2 * n, { timestamp: at(10 + n) }));
    await apply(store, ...questions, message(21, answer(at(15))));
    await applyBatch(store, { ...SIDE_WRITES, events: [created(1)], limit });
    const steps = await settleAll(store, [id], limit);
    expect(await since(id, steps.at(-1)!)).toBe(at(16));

    await applyBatch(store, { ...SIDE_WRITES, events: [closed(13)], limit });
    const late = await settleAll(store, [id], limit);
    expect(await since(id, late.at(-1)!)).toBe(at(12));
  });

  test(
    `the columns depend on what is stored alone, after every batch and step, in ${HISTORIES} histories`,
    { timeout: 120_000 },
    async () => {
      const property = fc.asyncProperty(
        conversations(),
        fc.constantFrom(1, 2, 250),
        async (batches, events) => {
          const story = storyOf();
          const limit = { events, units: 1_000_000 };
          const check = async () => {
            const holdings = await holdingsOf(store, [story.id]);
            expect(columnFaults(holdings)).toEqual([]);
          };
          for (const batch of batches) {
            const own = batch.map((one) => eventOf(story, one));
            const { unsettled } = await applyBatch(store, { ...SIDE_WRITES, events: own, limit });
            await check();
            for (const conversation of unsettled) {
              await settleStep(store, { ...SIDE_WRITES, conversation, limit });
              await check();
            }
          }
        },
      );
      await fc.assert(property, { numRuns: HISTORIES });
    },
  );
});

type Told = {
  receipt: number;
  what: "created" | "closed" | "message" | "seen" | "status";
  is: DeliveryStatus;
  id: number;
  second: number;
  direction: "SENT" | "RECEIVED";
};

/** A dozen events of one conversation in any order, most of them messages, their clocks here and there. */
function conversations(): fc.Arbitrary<Told[][]> {
  const told = fc.record({
    what: fc.oneof(
      { weight: 1, arbitrary: fc.constant("created" as const) },
      { weight: 1, arbitrary: fc.constant("closed" as const) },
      { weight: 8, arbitrary: fc.constant("message" as const) },
      { weight: 2, arbitrary: fc.constant("seen" as const) },
      { weight: 5, arbitrary: fc.constant("status" as const) },
    ),
    id: fc.nat({ max: 7 }),
    second: fc.nat({ max: 4 }),
    direction: fc.constantFrom("SENT" as const, "RECEIVED" as const),
    is: fc.constantFrom(...(["SENT", "FAILED", "FAILED", "DELIVERED"] as const)),
  });
  const history = fc
    .array(told, { minLength: 2, maxLength: 14 })
    .map((events) =>
      [
        { what: "created" as const, id: 0, second: 0, direction: "SENT" as const, is: "SENT" as const },
        ...events,
      ].map((event, index) => ({ ...event, receipt: index })),
    );
  return cutAnywhere(history);
}

const ids = new Map<string, string>();

function eventOf(story: ReturnType<typeof storyOf>, { receipt, what, ...of }: Told): JobEvent {
  // An agent has seen to the event under that receipt, whatever it is, and whether it is there yet or not.
  if (what === "seen") {
    const data = { receipt: story.under(of.id), conversation_id: story.id, how: "seen" as const };
    return {
      receipt: story.under(receipt),
      event: { type: "RESOLVE_REJECTION", timestamp: story.at(of.second), data },
    };
  }
  if (what === "created" || what === "closed") return story[what](receipt, of.second);
  const name = `${story.id} ${of.id}`;
  const messageId = ids.get(name) ?? randomUUID();
  ids.set(name, messageId);
  if (what === "status")
    return story.status(receipt, { of: messageId, is: of.is, timestamp: story.at(of.second) });
  // Four seconds before the receipts begin, and the last of them hours ahead: that one stands at its receipt.
  const timestamp = of.second === 4 ? ("2026-02-21T10:20:41.000000Z" as Timestamp) : story.at(of.second);
  return story.message(receipt, { messageId, direction: of.direction, timestamp });
}
