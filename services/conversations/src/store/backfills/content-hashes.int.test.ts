import { afterAll, beforeAll, expect, test } from "vitest";
import { idOf, type AcceptedEvent } from "@fio/contracts";
import { forEachDatabase } from "../../../../../test/support/databases.ts";
import type { Store } from "../connect.ts";
import { apply, holdingsOf, migratedStore, storyOf, told } from "../testing/fixture.ts";
import { contentHashes } from "./content-hashes.ts";

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await migratedStore(create)));
  afterAll(() => remove());

  /** As a worker of the version before left them. */
  const withoutHashes = (ids: string[]) =>
    store.write("unapplied_events").whereIn("conversation_id", ids).update({ content_hash: null });

  const hashes = async (id: string): Promise<Array<string | null>> => {
    const rows = await store.read("unapplied_events").where({ conversation_id: id }).orderBy("receipt");
    return (rows as Array<{ content_hash: string | null }>).map(({ content_hash: hash }) => hash);
  };

  /** Brings all rows into shape, `limit` at a time. */
  const backfill = async (limit: number): Promise<void> => {
    let after: string | null = null;
    do {
      const from: string | null = after;
      ({ next: after } = await store.write.transaction((knex) =>
        contentHashes.step({ dialect: store.dialect, knex }, { after: from, limit }),
      ));
    } while (after !== null);
  };

  /** A conversation with refused events of every kind, and one that waits for its creation. */
  const refusals = async () => {
    const [story, other] = [storyOf(), storyOf()];
    const first = story.message(2);
    const messageId = idOf(first.event);
    await apply(store, story.created(1), first, story.closed(3));
    const refused = [
      story.created(4, 7),
      story.message(5, { messageId, content: 'ou"tra, "timestamp":' }),
      story.message(6, { messageId, content: "e outra" }),
      story.closed(7, 51),
      story.message(8, { content: "tarde 👍" }),
    ];
    await apply(store, ...refused);
    const waiting = [other.message(1), other.closed(2)];
    await apply(store, ...waiting);
    const events: AcceptedEvent[] = [...refused, ...waiting];
    return { story, other, events };
  };

  const repeated = (events: readonly AcceptedEvent[], under: (receipt: number) => string): AcceptedEvent[] =>
    events.map((one, index) => ({ ...one, receipt: under(100 + index) as AcceptedEvent["receipt"] }));

  test.each([
    ["before", () => Promise.resolve()],
    ["while", (limit: number) => backfillOnce(limit)],
    ["after", (limit: number) => backfill(limit)],
  ])(
    "an event that repeats an old one is its duplicate %s the old ones get their hashes",
    async (_name, fill) => {
      const { story, other, events } = await refusals();
      await withoutHashes([story.id, other.id]);
      await fill(2);
      const again = repeated(events, other.under);
      const applied = await apply(store, ...again);
      expect(again.map(({ receipt }) => applied.outcomes.get(receipt))).toEqual(
        events.map(({ receipt }) => ({ kind: "duplicate", of: receipt })),
      );
      expect(told(applied, ...events).slice(0, 3)).toEqual([
        "CONVERSATION_ALREADY_EXISTS",
        "MESSAGE_ID_CONFLICT",
        "MESSAGE_ID_CONFLICT",
      ]);
      const { unapplied } = await holdingsOf(store, [story.id, other.id]);
      expect([...unapplied.keys()].toSorted()).toEqual(events.map(({ receipt }) => receipt).toSorted());
    },
  );

  async function backfillOnce(limit: number): Promise<void> {
    await store.write.transaction((knex) =>
      contentHashes.step({ dialect: store.dialect, knex }, { after: null, limit }),
    );
  }

  test("a duplicate with a lower receipt takes the place of an old row", async () => {
    const { story, other, events } = await refusals();
    await withoutHashes([story.id, other.id]);
    const lower = { ...events[3]!, receipt: story.under(0) };
    await apply(store, lower);
    const { applied, unapplied } = await holdingsOf(store, [story.id]);
    expect(applied.get(lower.receipt)?.event).toEqual(lower.event);
    expect(unapplied.has(events[3]!.receipt)).toBe(false);
  });

  test("every row gets the hash that it would be written with, and what failed by our own fault none", async () => {
    const { story, other } = await refusals();
    const written = await hashes(story.id);
    await withoutHashes([story.id, other.id]);
    await store.write("unapplied_events").insert({
      ...{ receipt: story.under(99), type: "NEW_MESSAGE", event_id: story.id, conversation_id: story.id },
      ...{ event: "{}", reason: "INTERNAL_ERROR" },
    });
    await backfill(2);
    expect(written).not.toContain(null);
    expect(await hashes(story.id)).toEqual([...written, null]);
  });
});
