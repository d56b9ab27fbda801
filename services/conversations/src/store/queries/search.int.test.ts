import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { millisecondsOf, queryTerms, timestampOf, type Timestamp } from "@fio/contracts";
import { forEachDatabase } from "../../../../../test/support/databases.ts";
import type { Store } from "../connect.ts";
import { migratedStore } from "../testing/fixture.ts";
import { searchableWords } from "../searchable-words.ts";
import { conversationId, fillLopsided } from "../testing/lopsided.ts";
import { statementsOf, stepsOf, type Asked } from "../testing/statements.ts";
import { beginOf, blockAt } from "../time-blocks.ts";
import { newestMatches, type NewestMatches } from "./newest-matches.ts";
import { searchMessages } from "./search.ts";
import type { MessageKey } from "./thread.ts";

const SIZE = {
  conversations: 1_000,
  messages: 30_000,
  unapplied: 0,
  now: Date.parse("2026-11-28T12:00:00Z"),
};

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  let all: Array<{ id: string; words: string }>;
  beforeAll(async () => {
    ({ store, remove } = await migratedStore(create));
    await fillLopsided(store, SIZE);
    all = await store
      .read("messages")
      .select<Array<{ id: string; words: string }>>("id", "words")
      .orderBy([
        { column: "timestamp", order: "desc" },
        { column: "receipt", order: "desc" },
      ]);
  });
  afterAll(() => remove());

  test("what fills this store writes the words that a worker writes", async () => {
    const rows = await store
      .read("messages")
      .select<Array<{ content: string; timestamp: Timestamp; words: string }>>(
        "content",
        "timestamp",
        "words",
      )
      .limit(200);
    for (const { content, timestamp, words } of rows) {
      expect(new Set(words.split(" ").filter(Boolean))).toEqual(
        new Set(searchableWords({ content, timestamp }).split(" ")),
      );
    }
  });

  /** The last word may be the beginning of one. */
  const expected = (...wanted: string[]): string[] => {
    const last = wanted.at(-1) ?? "";
    return all
      .filter(({ words }) => {
        const held = new Set(words.split(" "));
        return (
          wanted.slice(0, -1).every((word) => held.has(word)) &&
          [...held].some((word) => word.startsWith(last))
        );
      })
      .map(({ id }) => id);
  };
  const idsOf = (items: ReadonlyArray<{ message: { id: string } | null }>): string[] =>
    items.flatMap(({ message }) => message?.id ?? []);

  test.each(["milhoes", "comum", "antigo", "raro", "123pedido", "t7", "t1 comum", "alfa beta", "alfa comum"])(
    "%s is found, newest first, whatever was written when",
    async (q) => {
      const { items, searchedBackTo } = await searchMessages(store, { q, limit: 50, limitMs: 60_000 });
      expect(idsOf(items)).toEqual(expected(...q.split(" ")).slice(0, 50));
      expect(searchedBackTo).toBeNull();
    },
  );

  test("pages follow each other without a gap, down to the oldest", async () => {
    const wanted = expected("t3");
    const seen: string[] = [];
    let before: MessageKey | undefined;
    do {
      const page = await searchMessages(store, { q: "t3", limit: 100, before, limitMs: 60_000 });
      seen.push(...idsOf(page.items));
      before = page.next ?? undefined;
    } while (before !== undefined);
    expect(seen).toEqual(wanted);
  });

  test("a search that takes too long says how far back it was, and goes on from there", async () => {
    const seen: string[] = [];
    let stops = 0;
    let before: MessageKey | undefined;
    do {
      // A clock on which every look takes a second.
      let now = 0;
      const clock = (): number => (now += 1_000);
      const page = await searchMessages(store, { q: "antigo", limit: 500, before, clock, limitMs: 5_000 });
      if (page.searchedBackTo !== null) {
        stops += 1;
        expect(page.next?.[0]).toBe(page.searchedBackTo);
        if (before !== undefined) expect(page.searchedBackTo < before[0]).toBe(true);
      }
      seen.push(...idsOf(page.items));
      before = page.next ?? undefined;
    } while (before !== undefined && stops < 500 && seen.length < 100);
    expect(stops).toBeGreaterThan(0);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual(expected("antigo").slice(0, seen.length));
  });

  test.each(["milhoes", "comum", "t1", "antigo", "comum t1", "t1 t2", "antigo t1", "raro t1", "milhoes t19"])(
    "of %s, however common its words are, the index collects few to find the newest",
    async (q) => {
      const mostCollected = 500;
      const { found, asked } = await newestPage(store, { q, newest: timestampOf(SIZE.now), mostCollected });
      expect(found.slice(0, 50).map(({ id }) => id)).toEqual(expected(...q.split(" ")).slice(0, 50));
      if (store.dialect === "sqlite") return;
      const collected = await Promise.all(
        asked
          .filter(({ sql }) => sql.includes("from messages") && !sql.includes("explain"))
          .map((query) => stepsOf(store.read, query)),
      );
      expect(collected.length).toBeGreaterThan(0);
      // What the planner expects is right to a factor of two.
      const rows = collected
        .flat()
        .filter((step) => step["Node Type"] === "Bitmap Index Scan")
        .map((step) => step["Actual Rows"]);
      expect(Math.max(...rows)).toBeLessThan(2 * mostCollected);
    },
  );
});

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  /** Where a large block of time ends: a search that goes on from here has that block first. */
  const end = beginOf(blockAt(timestampOf(SIZE.now), 31));
  const MESSAGES = 20_000;
  beforeAll(async () => {
    ({ store, remove } = await migratedStore(create));
    const letter = (at: number): string => "abcdefghij"[at % 10] ?? "";
    const rows = Array.from({ length: MESSAGES }, (_, index) => {
      const other = Math.floor(index / 5);
      const content =
        index % 5 === 0 ? `ca${letter(other)}${letter(Math.floor(other / 10))} comum a` : "boleto";
      const timestamp = timestampOf(millisecondsOf(end) - (index + 1) * 60_000);
      return {
        ...{ id: randomUUID(), conversation_id: conversationId(0), direction: "RECEIVED", content },
        ...{ timestamp, receipt: index + 1, words: searchableWords({ content, timestamp }) },
      };
    });
    await fillLopsided(store, { ...SIZE, conversations: 10, messages: 0 });
    await store.write.batchInsert("messages", rows, 500);
    if (store.dialect === "postgres") await store.write.raw("analyze");
  });
  afterAll(() => remove());

  test.each(["boleto ca", "boleto a"])(
    "of %s, a word and what is common and never with it, it is known in few statements",
    async (q) => {
      const { found, searchedBackTo, asked } = await newestPage(store, {
        q,
        newest: end,
        mostCollected: 500,
      });
      expect([found, searchedBackTo]).toEqual([[], null]);
      expect(asked.length).toBeLessThan(80);
    },
  );

  test("whoever goes on with a search gets on, however slow the store is", async () => {
    let now = 59_000;
    const { found, searchedBackTo } = await newestPage(store, {
      ...{ q: "comum", newest: end, mostCollected: 500, isContinued: true },
      clock: () => (now += 59_000),
    });
    expect(found.length > 0 || searchedBackTo !== null).toBe(true);
  });
});

/** A page of 50 and one more, and what was asked for it. */
async function newestPage(
  store: Store,
  {
    q,
    isContinued = false,
    clock = () => 0,
    ...given
  }: { q: string; newest: Timestamp; mostCollected: number; isContinued?: boolean; clock?: () => number },
): Promise<NewestMatches & { asked: Asked[] }> {
  let matches: NewestMatches = { found: [], searchedBackTo: null };
  const asked = await statementsOf([store.read], async () => {
    matches = await newestMatches(store, {
      ...{ terms: queryTerms(q), filter: {}, before: undefined, isContinued, clock, deadline: 60_000 },
      ...{ most: 51, isEnough: ({ length }) => length > 50, ...given },
    });
  });
  return { ...matches, asked };
}
