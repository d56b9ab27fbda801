import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { idOf, receiptOf, type AcceptedEvent, type MessageState } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { applyBatch, keepDisplaced, type Applied } from "./apply.ts";
import type { Store } from "./connect.ts";
import { readEventOutcome } from "./queries/event-outcome.ts";
import { readHistory } from "./queries/history.ts";
import { listRejections } from "./queries/rejections.ts";
import { readThread } from "./queries/thread.ts";
import { SIDE_WRITES, apply, changesOf, migratedStore, settleAll, storyOf, told } from "./testing/fixture.ts";

const NEVER = receiptOf(0);
const LATER = receiptOf(9_000_000_000_000_000);

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await migratedStore(create)));
  afterAll(() => remove());

  const statesOf = async (id: string): Promise<Array<MessageState | undefined>> => {
    const read = await readThread(store.read, { id, limit: 100 });
    return read.kind === "read" ? read.conversation.messages.map(({ state }) => state) : [];
  };
  const stateOf = async (id: string): Promise<MessageState["status"] | undefined> =>
    (await statesOf(id))[0]?.status;
  const sent = { direction: "SENT" as const };

  test("a message has the highest of its statuses, in whatever order they come", async () => {
    const story = storyOf();
    const message = story.message(2, sent);
    await apply(store, story.created(1), message);
    expect(await stateOf(story.id)).toBeUndefined();
    for (const [receipt, is, state] of [
      [3, "SENT", "SENT"],
      [4, "READ", "READ"],
      [5, "DELIVERED", "READ"],
      [6, "FAILED", "READ"],
    ] as const) {
      const status = story.status(receipt, { of: message, is, timestamp: story.at(20 + receipt) });
      expect(told(await apply(store, status), status)).toEqual(["applied"]);
      expect(await stateOf(story.id)).toBe(state);
    }
  });

  test("one that failed is on its way again by a later attempt, and not by what was sent before", async () => {
    const story = storyOf();
    const message = story.message(2, sent);
    const of = { of: message };
    await apply(
      store,
      story.created(1),
      message,
      story.status(3, { ...of, is: "FAILED", timestamp: story.at(30), detail: "131047" }),
      story.status(4, { ...of, is: "SENT", timestamp: story.at(29) }),
    );
    expect(await statesOf(story.id)).toEqual([
      { status: "FAILED", timestamp: story.at(30), detail: "131047" },
    ]);
    await apply(store, story.status(5, { ...of, is: "SENT", timestamp: story.at(31) }));
    expect(await stateOf(story.id)).toBe("SENT");
  });

  test("a status waits for its conversation and for its message, and whoever asks is told so", async () => {
    const story = storyOf();
    const message = story.message(5, sent);
    const early = story.status(1, { of: message });
    const outcome = (overdue: typeof NEVER) =>
      readEventOutcome(store.read, { type: "MESSAGE_STATUS", id: idOf(early.event), overdue });
    expect((await apply(store, early)).outcomes.get(early.receipt)).toEqual({ kind: "waiting" });
    expect(await outcome(LATER)).toMatchObject({ outcome: "rejected", reason: "CONVERSATION_NOT_FOUND" });
    await apply(store, story.created(2));
    expect(await outcome(NEVER)).toMatchObject({ outcome: "waiting" });
    expect(await outcome(LATER)).toMatchObject({ outcome: "rejected", reason: "MESSAGE_NOT_FOUND" });
    const listed = await listRejections(store.read, { conversation: story.id, limit: 10, overdue: LATER });
    expect(listed.items.map(({ reason }) => reason)).toEqual(["MESSAGE_NOT_FOUND"]);
    await apply(store, message);
    expect(await outcome(LATER)).toMatchObject({ outcome: "applied", receipt: early.receipt });
    expect(await stateOf(story.id)).toBe("DELIVERED");
  });

  test("one that comes after its conversation and before its message waits for that alone", async () => {
    const story = storyOf();
    const message = story.message(3, sent);
    const early = story.status(2, { of: message, is: "READ" });
    const applied = await apply(store, story.created(1), early);
    expect(applied.outcomes.get(early.receipt)).toEqual({ kind: "waiting", missing: "message" });
    expect(changesOf(applied).map(({ event }) => event)).toEqual(["conversation", "refusals"]);
    const inPlace = await apply(store, message);
    expect(changesOf(inPlace)).toContainEqual(
      expect.objectContaining({
        event: "message_status",
        message_id: idOf(early.event),
        state: { status: "READ", timestamp: story.at(20) },
      }),
    );
  });

  test("more statuses than one transaction takes follow their message in steps", async () => {
    const story = storyOf();
    const message = story.message(999, sent);
    const statuses = Array.from({ length: 300 }, (_, index) =>
      story.status(2 + index, {
        of: message,
        is: "SENT",
        timestamp: story.at(20).replace("349308", String(100_000 + index)) as ReturnType<typeof story.at>,
      }),
    );
    const elsewhere = story.status(700, { of: randomUUID() });
    await apply(store, story.created(1), ...statuses, elsewhere);
    const { unsettled } = await apply(store, message);
    expect(unsettled).toEqual([story.id]);
    await settleAll(store, unsettled);
    const count = await store.read("message_statuses").where({ conversation_id: story.id });
    expect(count).toHaveLength(300);
    const kept = await store.read("unapplied_events").where({ conversation_id: story.id });
    expect(kept).toHaveLength(1);
  });

  test("too many for one transaction hide no equal one", async () => {
    const story = storyOf();
    const message = story.message(6, sent);
    const of = { of: message };
    const again = story.status(7, { ...of, is: "SENT" });
    const [first, other] = [story.status(2, { ...of, is: "SENT" }), story.status(3, { ...of, is: "FAILED" })];
    await apply(store, story.created(1), first, other);
    const applied = await applyBatch(store, {
      ...SIDE_WRITES,
      events: [message, again],
      limit: { events: 1, units: 1_000_000 },
    });
    expect(told(applied, again)).toEqual(["duplicate"]);
    await settleAll(store, applied.unsettled);
    expect(await store.read("message_statuses").where({ conversation_id: story.id })).toHaveLength(2);
  });

  test("of equal ones the lowest counts, with its detail, whichever comes first", async () => {
    const story = storyOf();
    const message = story.message(2, sent);
    const status = (receipt: number, detail: string): AcceptedEvent =>
      story.status(receipt, { of: message, is: "FAILED", detail });
    await apply(store, story.created(1), message, status(9, "nine"));
    const repeated = await apply(store, status(10, "ten"));
    expect(repeated.outcomes.get(status(10, "").receipt)).toEqual({
      kind: "duplicate",
      of: status(9, "").receipt,
    });
    const lower = await apply(store, status(8, "eight"));
    expect(lower.outcomes.get(status(8, "").receipt)).toEqual({ kind: "applied" });
    expect((await statesOf(story.id))[0]?.detail).toBe("eight");
  });

  test("a close refuses none, and a message that it takes out keeps its statuses", async () => {
    const story = storyOf();
    const message = story.message(5, sent);
    await apply(store, story.created(1), message, story.status(6, { of: message, is: "SENT" }));
    await apply(store, story.closed(3));
    const later = story.status(7, { of: message, is: "READ" });
    expect(told(await apply(store, later), later)).toEqual(["applied"]);
    const history = await readHistory(store.read, { id: story.id, limit: 10, overdue: LATER });
    expect(history?.items.map(({ event, outcome }) => [event.type, outcome])).toEqual([
      ["MESSAGE_STATUS", "applied"],
      ["MESSAGE_STATUS", "applied"],
      ["NEW_MESSAGE", "rejected"],
      ["CLOSE_CONVERSATION", "applied"],
      ["NEW_CONVERSATION", "applied"],
    ]);
    expect(history?.items[0]?.event).toEqual(later.event);
  });

  test("a status of another conversation's message says nothing of it", async () => {
    const [story, other] = [storyOf(), storyOf()];
    const message = story.message(2, sent);
    const wrong = other.status(3, { of: message, is: "READ" });
    await apply(store, story.created(1), message, other.created(1));
    expect(told(await apply(store, wrong), wrong)).toEqual(["waiting"]);
    expect(await stateOf(story.id)).toBeUndefined();
  });

  test("another event under the receipt of a status is displaced, and a rerun is not", async () => {
    const story = storyOf();
    const message = story.message(2, sent);
    const status = story.status(3, { of: message });
    await apply(store, story.created(1), message, status);
    expect(told(await apply(store, status), status)).toEqual(["applied"]);
    const other = story.message(3);
    const { displaced }: Applied = await apply(store, other);
    expect(displaced).toEqual([other]);
    await keepDisplaced(store, { ...SIDE_WRITES, accepted: other, receipt: story.under(4) });
  });
});
