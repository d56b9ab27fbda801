import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  placeOf,
  receiptOf,
  timestampOf,
  type AcceptedEvent,
  type Message,
  type Timestamp,
} from "@fio/contracts";
import { forEachDatabase } from "../../../../../test/support/databases.ts";
import type { Store } from "../connect.ts";
import { searchMessages } from "../queries/search.ts";
import { readThread } from "../queries/thread.ts";
import { apply, differences, holdingsOf, migratedStore, told } from "../testing/fixture.ts";
import { placesOfConversations } from "./places-of-conversations.ts";
import { placesOfMessages } from "./places-of-messages.ts";
import { runBackfills } from "./run.ts";

const BASE = 1_795_000_000_000;

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ store, remove } = await migratedStore(create));
  });
  afterEach(() => remove());

  /** A conversation whose events are received second by second, each with a clock so many seconds ahead. */
  const storyOf = (id: string, ...ahead: number[]): AcceptedEvent[] =>
    ahead.map((seconds, index): AcceptedEvent => {
      const timestamp = timestampOf(BASE + (index + seconds) * 1_000);
      const receipt = receiptOf((BASE + index * 1_000) * 1_000 + offset(id));
      if (index === 0) return { receipt, event: { type: "NEW_CONVERSATION", timestamp, data: { id } } };
      const data = {
        id: randomUUID(),
        direction: "RECEIVED" as const,
        content: `n${index}`,
        conversation_id: id,
      };
      return { receipt, event: { type: "NEW_MESSAGE", timestamp, data } };
    });
  const offsets = new Map<string, number>();
  const offset = (id: string): number => offsets.set(id, offsets.get(id) ?? offsets.size + 1).get(id) ?? 0;

  /** Makes the store what the version before would have left: every message and activity at its timestamp. */
  async function age(): Promise<void> {
    await store.write.raw(
      "update messages set timestamp = sent_at, sent_at = null where sent_at is not null",
    );
    for (const { id, created_at } of await store.write<{ id: string; created_at: Timestamp }>(
      "conversations",
    )) {
      const last = (await store
        .write("messages")
        .where({ conversation_id: id })
        .orderBy([
          { column: "timestamp", order: "desc" },
          { column: "receipt", order: "desc" },
        ])
        .first()) as { timestamp: Timestamp; receipt: string; content: string } | undefined;
      const at = last === undefined || created_at > last.timestamp ? created_at : last.timestamp;
      await store
        .write("conversations")
        .where({ id })
        .update({
          activity_at: at,
          last_message_at: last?.timestamp ?? null,
          last_message_receipt: last?.receipt ?? null,
          last_message_preview: last?.content ?? null,
        });
    }
  }
  const run = () =>
    runBackfills({
      store,
      backfills: [placesOfMessages(), placesOfConversations()],
      log: pino({ level: "silent" }),
      signal: new AbortController().signal,
      timing: { againMs: 0, watchMs: 50, restMs: 50 },
    });
  const shown = async (id: string): Promise<Message[]> => {
    const thread = await readThread(store.read, { id, limit: 100 });
    return thread.kind === "read" ? thread.conversation.messages : [];
  };
  const contents = async (id: string): Promise<string[]> => (await shown(id)).map(({ content }) => content);

  test("messages of an old store are moved to their places, with the list and the search, and told as they were sent", async () => {
    const [fast, right, creation] = [randomUUID(), randomUUID(), randomUUID()];
    const events = [
      ...storyOf(fast, 0, 200, -0.5, 0, 100),
      ...storyOf(right, 0, 0, -60),
      ...storyOf(creation, 250, -0.5, -0.5),
    ];
    await apply(store, ...events);
    await age();
    expect(await contents(fast)).toEqual(["n2", "n3", "n4", "n1"]);

    await run();
    const outcomes = new Map(events.map(({ receipt }) => [receipt, { kind: "applied" as const }]));
    const held = await holdingsOf(store, [fast, right, creation]);
    expect(differences(held, events, outcomes)).toEqual([]);
    expect(await contents(fast)).toEqual(["n1", "n2", "n3", "n4"]);
    expect((await shown(fast))[0]?.timestamp).toBe(events[1]?.event.timestamp);

    const found = await searchMessages(store, { q: "n1", limit: 10 });
    const places = found.items.map(({ message }) => (message === null ? "" : placeOf(message)));
    expect(places).toHaveLength(3);
    expect(places).toEqual(places.toSorted().reverse());
    const versions = [...held.rows.values()].map(({ id, version }) => [id, version]);
    expect(Object.fromEntries(versions)).toMatchObject({ [right]: 1, [creation]: 2, [fast]: 2 });
  });

  test("a moved message that comes again is a duplicate, and one moved by nobody stays", async () => {
    const id = randomUUID();
    const events = storyOf(id, 0, 200, 0);
    await apply(store, ...events);
    await age();
    await run();
    const again = { ...events[1]!, receipt: receiptOf(BigInt(events[1]!.receipt) + 5_000_000n) };
    expect(told(await apply(store, again), again)).toEqual(["duplicate"]);
  });

  test("ten thousand messages are walked in steps, and a second walk changes nothing", async () => {
    const ids = Array.from({ length: 20 }, () => randomUUID());
    const events = ids.flatMap((id, n) => storyOf(id, 0, ...Array<number>(150).fill(n % 5 === 0 ? 90 : -1)));
    for (let at = 0; at < events.length; at += 1_000) await apply(store, ...events.slice(at, at + 1_000));
    await age();
    await run();
    const held = await holdingsOf(store, ids);
    const outcomes = new Map(events.map(({ receipt }) => [receipt, { kind: "applied" as const }]));
    expect(differences(held, events, outcomes)).toEqual([]);
    const displaced = await store.read("messages").whereNotNull("sent_at").count({ count: "*" });
    expect(Number(displaced[0]?.count)).toBe(4 * 150);
  });
});
