import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AcceptedAct, AcceptedEvent, Change, Receipt, Rejection } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { applyBatch, keepInternalError } from "./apply.ts";
import { openStore, type Store } from "./connect.ts";
import { listRejections, readRejection } from "./queries/rejections.ts";
import { highestReceipt } from "./receipts.ts";
import { untilDone } from "./retry.ts";
import {
  SIDE_WRITES,
  apply,
  changesOf,
  columnFaults,
  holdingsOf,
  migratedStore,
  storyOf,
  told,
} from "./testing/fixture.ts";

const overdue = "9999999999999998" as Receipt;

forEachDatabase(({ kind, create }) => {
  let store: Store;
  let other: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const migrated = await migratedStore(create);
    store = migrated.store;
    other = openStore(migrated.url);
    remove = async () => {
      await other.close();
      await migrated.remove();
    };
  });
  afterAll(() => remove());

  const rejectionOf = (receipt: Receipt): Promise<Rejection | null> =>
    readRejection(store.read, { receipt, overdue });
  const versionOf = async (id: string): Promise<number> => {
    const row = await store.read("conversations").where({ id }).first<{ version: number }>("version");
    return row.version;
  };
  const rejectionFrames = (changes: Change[]) => changes.filter(({ event }) => event === "rejection");

  /** A closed conversation, and a customer's message that came after the close. */
  async function lateMessage() {
    const story = storyOf();
    const late = story.message(30, { content: "Ainda está aí?" });
    await apply(store, story.created(1), story.closed(2));
    const applied = await apply(store, late);
    return { story, late, applied };
  }

  test("whoever has a closed conversation open is told of a late message with its content", async () => {
    const { story, late, applied } = await lateMessage();
    expect(rejectionFrames(changesOf(applied))).toEqual([
      {
        event: "rejection",
        conversation_id: story.id,
        version: 2,
        receipt: late.receipt,
        rejection: {
          receipt: late.receipt,
          conversation_id: story.id,
          event: late.event,
          reason: "CONVERSATION_CLOSED",
          resolution: null,
        },
      },
    ]);
  });

  test("an act resolves a refusal, raises the version, and is told with the row", async () => {
    const { story, late } = await lateMessage();
    const act = story.resolved(40, 30);
    const applied = await apply(store, act);
    expect(told(applied, act)).toEqual(["applied"]);
    expect(await versionOf(story.id)).toBe(3);
    const resolution = { how: "seen", receipt: act.receipt };
    expect(await rejectionOf(late.receipt)).toMatchObject({ resolution });
    const changes = changesOf(applied);
    expect(changes.map(({ event }) => event)).toEqual(["conversation", "rejection", "refusals"]);
    expect(changes[1]).toMatchObject({ version: 3, receipt: late.receipt, rejection: { resolution } });
    const page = await listRejections(store.read, { conversation: story.id, limit: 10, overdue });
    expect(page.items).toMatchObject([{ receipt: late.receipt, resolution }]);
  });

  test("everyone is told when what is refused changes, and whether an agent has to see to it", async () => {
    const kinds = (applied: Parameters<typeof changesOf>[0]) =>
      changesOf(applied).flatMap((change) => (change.event === "refusals" ? [change.what] : []));
    const { story } = await lateMessage();
    expect(kinds(await apply(store, story.message(31)))).toEqual(["to_resolve"]);
    expect(kinds(await apply(store, story.message(32, { direction: "SENT" })))).toEqual(["other"]);
    expect(kinds(await apply(store, story.resolved(40, 31)))).toEqual(["other"]);
    const unknown = storyOf();
    expect(kinds(await apply(store, unknown.message(20)))).toEqual(["waiting"]);
    expect(kinds(await apply(store, unknown.created(21)))).toEqual(["other"]);
    expect(kinds(await apply(store, unknown.message(30)))).toEqual([]);
  });

  test("a late message that is resolved waits no more, and is to be resolved no more", async () => {
    const { story, late } = await lateMessage();
    const second = story.message(31, { content: "?" });
    await apply(store, second);
    const list = async () => {
      const query = { conversation: story.id, unresolved: true, limit: 10, overdue };
      return (await listRejections(store.read, query)).items.map(({ receipt }) => receipt);
    };
    const waiting = async () => {
      const holdings = await holdingsOf(store, [story.id]);
      expect(columnFaults(holdings)).toEqual([]);
      return holdings.rows.get(story.id)?.waiting_since ?? null;
    };
    expect(await list()).toEqual([second.receipt, late.receipt]);
    expect(await waiting()).not.toBeNull();
    await apply(store, story.resolved(40, 30));
    expect(await list()).toEqual([second.receipt]);
    expect(await waiting()).not.toBeNull();
    const applied = await apply(store, story.resolved(41, 31, { carriedTo: randomUUID() }));
    expect(changesOf(applied)[0]).toMatchObject({ conversation: { waiting_since: null } });
    expect(await list()).toEqual([]);
    expect(await waiting()).toBeNull();
    // One whose act came first never waits.
    const [act, third] = [story.resolved(42, 32), story.message(32, { content: "!" })];
    await apply(store, act);
    const stored = await apply(store, third);
    expect(changesOf(stored)[0]).toMatchObject({ conversation: { waiting_since: null } });
    expect(await list()).toEqual([]);
    expect(await waiting()).toBeNull();
  });

  test("the last act by receipt counts, whichever comes first", async () => {
    const { story, late } = await lateMessage();
    const to = randomUUID();
    await apply(store, story.resolved(50, 30, { carriedTo: to }));
    const before = await versionOf(story.id);
    const earlier = story.resolved(40, 30);
    expect(told(await apply(store, earlier), earlier)).toEqual(["applied"]);
    expect(await versionOf(story.id)).toBe(before + 1);
    expect(await rejectionOf(late.receipt)).toMatchObject({
      resolution: { how: "carried", carried_to: to, receipt: story.under(50) },
    });
  });

  test("an equal act is a duplicate of the one with the lowest receipt, and undoes no later one", async () => {
    const { story, late } = await lateMessage();
    const [seen, carried, again] = [
      story.resolved(40, 30),
      story.resolved(50, 30, { carriedTo: randomUUID(), second: 56 }),
      story.resolved(60, 30),
    ];
    await apply(store, again);
    await apply(store, carried);
    const applied = await apply(store, seen);
    expect(applied.outcomes.get(seen.receipt)).toEqual({ kind: "applied" });
    expect(await rejectionOf(late.receipt)).toMatchObject({ resolution: { how: "carried" } });
    const repeated = await apply(store, again);
    expect(repeated.outcomes.get(again.receipt)).toEqual({ kind: "duplicate", of: seen.receipt });
    expect(repeated.outcomes.get(seen.receipt)).toEqual({ kind: "applied" });
    expect(repeated.announcement).toBeNull();
  });

  test("a re-run after a crash changes nothing and tells nobody", async () => {
    const { story } = await lateMessage();
    const act = story.resolved(40, 30);
    await apply(store, act);
    const before = await versionOf(story.id);
    const applied = await apply(store, act);
    expect(told(applied, act)).toEqual(["applied"]);
    expect(applied.announcement).toBeNull();
    expect(await versionOf(story.id)).toBe(before);
  });

  test("an act that comes before its refusal holds for it, also in one batch, also without a conversation", async () => {
    const story = storyOf();
    const late = story.message(30);
    const act = story.resolved(40, 30);
    const applied = await apply(store, act);
    expect(told(applied, act)).toEqual(["applied"]);
    expect(applied.announcement).toBeNull();
    expect(await store.read("conversations").where({ id: story.id })).toEqual([]);
    const together = await apply(store, story.resolved(41, 31), story.message(31), late, story.created(1));
    expect(told(together, late)).toEqual(["applied"]);
    expect(await rejectionOf(late.receipt)).toBeNull();
    const closed = await apply(store, story.closed(2));
    for (const [refused, by] of [
      [30, 40],
      [31, 41],
    ] as const) {
      const resolution = { how: "seen", receipt: story.under(by) };
      expect(await rejectionOf(story.under(refused))).toMatchObject({ resolution });
      expect(rejectionFrames(changesOf(closed))).toContainEqual(
        expect.objectContaining({
          receipt: story.under(refused),
          rejection: expect.objectContaining({ resolution }) as unknown,
        }),
      );
    }
  });

  test("when the refusal is undone its readers are told, and its act stays for when it comes back", async () => {
    const { story, late } = await lateMessage();
    const act = story.resolved(40, 30);
    await apply(store, act);
    // The same message, accepted before the close: it gets in, and its repetition is refused no longer.
    const undone = await apply(store, { ...late, receipt: story.under(0) });
    expect(rejectionFrames(changesOf(undone))).toMatchObject([{ receipt: late.receipt, rejection: null }]);
    expect(await rejectionOf(late.receipt)).toBeNull();
    const rows = await store.read("resolutions").where({ conversation_id: story.id });
    expect(rows).toHaveLength(1);
  });

  test("an act about a refusal of another conversation resolves nothing", async () => {
    const { story, late } = await lateMessage();
    const act = story.resolved(40, 30);
    const wrong: AcceptedAct = {
      ...act,
      event: { ...act.event, data: { ...act.event.data, conversation_id: randomUUID() } },
    };
    expect(told(await apply(store, wrong), wrong)).toEqual(["applied"]);
    expect(await rejectionOf(late.receipt)).toMatchObject({ resolution: null });
  });

  test("what failed by our own fault is resolved too, and tried again all the same", async () => {
    const story = storyOf();
    await apply(store, story.created(1));
    const failed = story.message(30);
    await keepInternalError(store, { ...SIDE_WRITES, accepted: failed, detail: "a bug" });
    await apply(store, story.resolved(40, 30));
    expect(await rejectionOf(failed.receipt)).toMatchObject({ resolution: { how: "seen" } });
    expect(told(await apply(store, failed), failed)).toEqual(["applied"]);
  });

  test("an act that failed by our own fault is kept, and applied when it is tried again", async () => {
    const { story, late } = await lateMessage();
    const act = story.resolved(40, 30);
    const kept = await keepInternalError(store, { ...SIDE_WRITES, accepted: act, detail: "a bug" });
    expect(told(kept, act)).toEqual(["INTERNAL_ERROR"]);
    expect(await rejectionOf(act.receipt)).toMatchObject({ event: act.event, reason: "INTERNAL_ERROR" });
    // Another worker that tries it meanwhile finds nothing of it in its way.
    const applied = await apply(store, act);
    expect(told(applied, act)).toEqual(["applied"]);
    expect(rejectionFrames(changesOf(applied))).toContainEqual(
      expect.objectContaining({ receipt: act.receipt, rejection: null }),
    );
    expect(await rejectionOf(act.receipt)).toBeNull();
    expect(await rejectionOf(late.receipt)).toMatchObject({ resolution: { how: "seen" } });
    const again = await keepInternalError(store, { ...SIDE_WRITES, accepted: act, detail: "a bug" });
    expect(told(again, act)).toEqual(["applied"]);
  });

  test("two different events under one receipt are never taken for one, an act among them", async () => {
    const { story } = await lateMessage();
    const act = story.resolved(40, 30);
    await apply(store, act);
    const [message, second] = [story.message(40), story.resolved(40, 31)];
    expect((await apply(store, message)).displaced).toEqual([message]);
    expect((await apply(store, second)).displaced).toEqual([second]);
    expect((await apply(store, story.resolved(30, 31))).displaced).toHaveLength(1);
  });

  test("no receipt of an act is given again", async () => {
    const story = storyOf();
    const act = story.resolved(9_000, 30);
    await apply(store, act);
    expect((await highestReceipt(store))! >= act.receipt).toBe(true);
  });

  test("in whatever order and however often acts and refusals come, with two workers, the store ends the same", async () => {
    const targets = [randomUUID(), randomUUID()];
    const shape = fc.record({
      refused: fc.constantFrom(30, 31, 3),
      to: fc.constantFrom(undefined, ...targets),
      second: fc.constantFrom(55, 56),
    });
    const property = fc.asyncProperty(
      fc.array(shape, { minLength: 1, maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
      async (acts, picks) => {
        const story = storyOf();
        const events: Array<AcceptedEvent | AcceptedAct> = [
          story.created(1),
          story.closed(2),
          story.message(30, { content: "um" }),
          story.message(31, { content: "dois" }),
          ...acts.map(({ refused, to, second }, index) =>
            story.resolved(40 + index, refused, { ...(to === undefined ? {} : { carriedTo: to }), second }),
          ),
        ];
        const pick = (most: number): number => (picks.next().value as number) % most;
        const left = [...events, ...events.filter(() => pick(3) === 0)];
        const work = async (on: Store): Promise<void> => {
          while (left.length > 0) {
            const batch = Array.from({ length: 1 + pick(3) }, () =>
              left.splice(pick(left.length || 1), 1),
            ).flat();
            const distinct = [...new Map(batch.map((one) => [one.receipt, one])).values()];
            const once = () => applyBatch(on, { ...SIDE_WRITES, events: distinct });
            await (kind === "sqlite" ? untilDone(once) : once());
          }
        };
        await Promise.all([work(store), work(other)]);
        expect(columnFaults(await holdingsOf(store, [story.id]))).toEqual([]);
        for (const refused of [30, 31]) {
          const expected = countingAct(events, story.under(refused));
          expect((await rejectionOf(story.under(refused)))?.resolution ?? null).toEqual(expected);
        }
      },
    );
    await fc.assert(property, { numRuns: kind === "sqlite" ? 20 : 60 });
  });
});

/** One by one in the order of their receipts, equal ones once. */
function countingAct(events: ReadonlyArray<AcceptedEvent | AcceptedAct>, refused: Receipt) {
  const acts = events
    .filter((one): one is AcceptedAct => one.event.type === "RESOLVE_REJECTION")
    .filter(({ event }) => event.data.receipt === refused)
    .toSorted((a, b) => (a.receipt < b.receipt ? -1 : 1));
  const seen = new Set<string>();
  let counting: unknown = null;
  for (const { receipt, event } of acts) {
    const content = JSON.stringify(event);
    if (seen.has(content)) continue;
    seen.add(content);
    const { how } = event.data;
    counting =
      event.data.how === "carried" ? { how, carried_to: event.data.carried_to, receipt } : { how, receipt };
  }
  return counting;
}
