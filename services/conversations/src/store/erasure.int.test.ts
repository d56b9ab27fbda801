import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { conversationIdOf, idOf, type AcceptedEvent } from "@fio/contracts";
import { forEachDatabase } from "../../../../test/support/databases.ts";
import { deliveries } from "../domain/testing/histories.ts";
import { applyBatch, keepInternalError, settleStep } from "./apply.ts";
import type { Store } from "./connect.ts";
import { buryConversation, eraseStep, finishErasures, isStored, unfinishedErasures } from "./erase.ts";
import { forgetWords } from "./forget-words.ts";
import { isErasedEvent } from "./queries/erasures.ts";
import { readThread } from "./queries/thread.ts";
import { SIDE_WRITES, apply, changesOf, settleAll, storyOf, told, migratedStore } from "./testing/fixture.ts";
import { faultsAfter, placed } from "./testing/histories.ts";

const RUNS = 50;
const NOW = 1_800_000_000_000;

const CONVERSATION_COLUMN = {
  conversations: "id",
  messages: "conversation_id",
  unapplied_events: "conversation_id",
  message_statuses: "conversation_id",
  assignments: "conversation_id",
  resolutions: "conversation_id",
  deliveries: "conversation_id",
  delivery_lanes: "conversation_id",
};

/** Every row of every table that names an id, beside those that say that it is erased. */
async function traces(store: Store, id: string): Promise<string[]> {
  const found: string[] = [];
  for (const [table, column] of Object.entries(CONVERSATION_COLUMN)) {
    const rows = await store.write(table).where(column, id).select();
    for (const row of rows) found.push(`${table}: ${JSON.stringify(row)}`);
  }
  return found;
}

const eraseAll = async (store: Store, id: string, rows = 100): Promise<void> => {
  await buryConversation(store, { conversation: id, now: NOW });
  while (await eraseStep(store, id, rows));
};

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await migratedStore(create)));
  afterAll(() => remove());

  test(
    `from the tombstone on nothing of a conversation is stored, whatever comes in whatever order, in ${RUNS} histories`,
    { timeout: 120_000 },
    async () => {
      const property = fc.asyncProperty(
        deliveries(2),
        fc.nat({ max: 12 }),
        fc.constantFrom(1, 2, 100),
        fc.constantFrom(1, 250),
        async (given, at, rows, events) => {
          const { conversations, batches } = placed(given);
          const [gone, other] = conversations as [string, string];
          const limit = { events, units: 1_000_000 };
          const bury = () => buryConversation(store, { conversation: gone, now: NOW });
          for (const [index, batch] of batches.entries()) {
            if (index === at) await bury();
            const applied = await applyBatch(store, { ...SIDE_WRITES, events: batch, limit });
            for (const { receipt, event } of batch) {
              if (index >= at && conversationIdOf(event) === gone)
                expect(applied.outcomes.get(receipt)).toEqual({ kind: "erased" });
            }
            // Between two batches one step of each, so that they meet half way.
            if (index >= at) await eraseStep(store, gone, rows);
            for (const conversation of applied.unsettled)
              await settleStep(store, { ...SIDE_WRITES, conversation, limit });
          }
          await bury();
          while (await eraseStep(store, gone, rows));
          await settleAll(store, conversations, limit);
          expect(await traces(store, gone)).toEqual([]);
          for (const batch of batches) await applyBatch(store, { ...SIDE_WRITES, events: batch });
          expect(await traces(store, gone)).toEqual([]);

          // The other conversation is as if that one had never been, but for message ids that both used.
          const shared = new Set(
            batches.flat().flatMap(({ event }) => (conversationIdOf(event) === gone ? [idOf(event)] : [])),
          );
          const own = batches.map((batch) => batch.filter(({ event }) => conversationIdOf(event) === other));
          if (!own.flat().some(({ event }) => shared.has(idOf(event)))) {
            expect(await faultsAfter(store, { conversations: [other], batches: own })).toEqual([]);
          }
        },
      );
      await fc.assert(property, { numRuns: RUNS });
    },
  );

  test("who is erased is told so, for its creation, its messages and its close, late ones too", async () => {
    const story = storyOf();
    const early = story.message(2);
    await apply(store, story.created(1), early, story.closed(5), story.message(6));
    const status = story.status(4, { of: early });
    expect(told(await apply(store, status), status)).toEqual(["applied"]);
    await eraseAll(store, story.id);
    const late = story.message(7);
    const applied = await apply(store, early, late, story.closed(8), story.resolved(9, 6));
    expect(told(applied, early, late)).toEqual(["erased", "erased"]);
    expect(changesOf(applied)).toEqual([]);
    for (const { event } of [early, late]) {
      expect(await isErasedEvent(store.read, { type: "NEW_MESSAGE", id: idOf(event) })).toBe(true);
    }
    expect(await isErasedEvent(store.read, { type: "MESSAGE_STATUS", id: idOf(early.event) })).toBe(true);
    expect(await isErasedEvent(store.read, { type: "CLOSE_CONVERSATION", id: story.id })).toBe(true);
    expect(await traces(store, story.id)).toEqual([]);
  });

  test("an event that fails by our own fault, or is malformed, leaves nothing behind a tombstone", async () => {
    const story = storyOf();
    await apply(store, story.created(1));
    await eraseAll(store, story.id);
    const accepted: AcceptedEvent = story.message(2);
    const applied = await keepInternalError(store, { ...SIDE_WRITES, accepted, detail: "malformed: x" });
    expect(told(applied, accepted)).toEqual(["erased"]);
    expect(await traces(store, story.id)).toEqual([]);
  });

  test("the tombstone hides a conversation before its rows are gone, and says so to everyone", async () => {
    const story = storyOf();
    await apply(store, story.created(1), story.message(2), story.message(3));
    await store.write("outbox").delete();
    expect(await buryConversation(store, { conversation: story.id, now: NOW })).not.toBeNull();
    expect(await buryConversation(store, { conversation: story.id, now: NOW + 1 })).toBeNull();
    expect((await readThread(store.read, { id: story.id, limit: 10 })).kind).toBe("no conversation");
    const rows = await store.read<{ frames: string }>("outbox").pluck<string[]>("frames");
    expect(rows).toEqual([JSON.stringify([{ event: "erased", conversation_id: story.id }])]);
    expect(await unfinishedErasures(store)).toContain(story.id);
    while (await eraseStep(store, story.id, 1));
    await finishErasures(store, { conversations: [story.id], now: NOW });
    expect(await unfinishedErasures(store)).not.toContain(story.id);
    expect(await isStored(store, story.id)).toBe(true);
    expect(await isStored(store, randomUUID())).toBe(false);
  });

  test("what only waits for its conversation is erased too, and a creation does not bring it back", async () => {
    const story = storyOf();
    const early = story.message(2);
    await apply(store, early);
    await eraseAll(store, story.id);
    const creation = story.created(1);
    expect(told(await apply(store, creation, early), creation, early)).toEqual(["erased", "erased"]);
    expect(await traces(store, story.id)).toEqual([]);
  });

  test("a message id that another conversation holds stays that one's", async () => {
    const [gone, other] = [storyOf(), storyOf()];
    const messageId = randomUUID();
    const held = other.message(2, { messageId });
    await apply(store, other.created(1), held);
    await apply(store, gone.created(1), gone.message(2, { messageId }));
    await eraseAll(store, gone.id);
    await apply(store, gone.message(3, { messageId }));
    // Its job is processed once more, after a crash.
    expect(told(await apply(store, held), held)).toEqual(["applied"]);
  });

  test("words that only an erased message held leave the search index and the vocabulary", async () => {
    const [gone, other] = [storyOf(), storyOf()];
    const words = async (): Promise<string[]> =>
      store.dialect === "postgres"
        ? (await store.read("search_words").pluck<string[]>("word")).filter((word) => word.startsWith("zebr"))
        : (
            await store.write.transaction(async (knex) => {
              await knex.raw("create virtual table temp.terms using fts5vocab(main, message_search, row)");
              const rows = await knex.raw<Array<{ term: string }>>("select term from temp.terms");
              await knex.raw("drop table temp.terms");
              return rows.map(({ term }) => term);
            })
          ).filter((word) => word.startsWith("zebr"));
    await apply(store, gone.created(1), gone.message(2, { content: "zebrafilha e zebramansa" }));
    await apply(store, other.created(1), other.message(2, { content: "A zebramansa" }));
    await eraseAll(store, gone.id);
    while (await forgetWords(store));
    expect(await words()).toEqual(["zebramansa"]);
  });

  test("what is known of a customer goes with the last conversation of theirs", async () => {
    const [first, second] = [storyOf(), storyOf()];
    const contact = {
      channel: "whatsapp",
      id: randomUUID(),
      name: "Zebrina Souza",
      phone: "+55 11 91234-5678",
    };
    const named = (one: AcceptedEvent): AcceptedEvent =>
      ({ ...one, event: { ...one.event, data: { ...one.event.data, contact } } }) as AcceptedEvent;
    await apply(store, named(first.created(1)), named(second.created(1)));
    const known = async (): Promise<number[]> =>
      Promise.all(
        [
          store.write("contacts").where({ id: contact.id }),
          store.write("contact_sayings").where("said", "like", `%${contact.id}%`),
        ].map(async (rows) => (await rows.select()).length),
      );
    expect(await known()).toEqual([1, 2]);
    await eraseAll(store, first.id);
    expect(await known()).toEqual([1, 1]);
    await eraseAll(store, second.id);
    expect(await known()).toEqual([0, 0]);
    expect(await store.write("contact_terms").where("term", "like", "zebrina%").select()).toEqual([]);
    await apply(store, named(first.created(1)), named(second.created(2)));
    expect(await known()).toEqual([0, 0]);
  });
});
