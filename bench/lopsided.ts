import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openStore, type Store } from "../services/conversations/src/store/connect.ts";
import { migrate } from "../services/conversations/src/store/migrate.ts";
import {
  countWaiting,
  listConversations,
} from "../services/conversations/src/store/queries/conversations.ts";
import { searchMessages, type SearchPage } from "../services/conversations/src/store/queries/search.ts";
import { conversationId, fillLopsided } from "../services/conversations/src/store/testing/lopsided.ts";
import { startPostgres } from "../test/support/postgres-server.ts";
import { say } from "./support/figures.ts";
import { onceThere } from "./support/once-there.ts";
import { applyRate, readWhileWriting } from "./support/reads-while-writing.ts";
import type { MessageKey } from "../services/conversations/src/store/queries/thread.ts";

/*
 * What a page of a list or of search results costs in a store that is unevenly filled (testing/lopsided.ts), and lists,
 * threads, histories and outcomes while a worker writes, on both databases: two years of messages, a tenth of them in one conversation, words that are everywhere, that were common only
 * long ago, that are never together.
 *
 *   node bench/lopsided.ts [--messages 200000] [--only postgres|sqlite] [--once FILE] [--hold | --url URL]
 *
 * A tenth as many conversations; 10000000 messages are what the product is meant for. With --once each database is measured
 * when FILE is there. With --hold the filled stores stay until Ctrl-C, to be measured again by --url: what of a search took
 * long is seen there, and whether a change to it helps.
 */

const { values: options } = parseArgs({
  options: {
    messages: { type: "string", default: "200000" },
    only: { type: "string" },
    once: { type: "string" },
    hold: { type: "boolean", default: false },
    url: { type: "string" },
  },
});
const MESSAGES = Number(options.messages);
const CONVERSATIONS = Math.max(100, Math.floor(MESSAGES / 10));
const NOW = Date.parse("2026-11-28T12:00:00Z");
const ROUNDS = 5;
/** Events a second. */
const WRITTEN = 1_000;
/** Whoever goes on to older results does so at most so often. */
const MOST_PAGES = 5;
const QUERIES: Array<[what: string, q: string]> = [
  ["of every other message", "comum"],
  ["of every message but the last 50 days'", "milhoes"],
  ["of 100,000, none of the last 50 days", "antigo"],
  ["of one in 100,000", "raro"],
  ["of one message", "123pedido"],
  ["of none", "inexistente"],
  ["a beginning of many words", "t1"],
  ["a common word and a beginning of many", "t1 t2"],
  ["one of 100,000 old messages, and a beginning of many", "antigo t1"],
  ["two, always together", "comum alfa"],
  ["two, never together", "alfa beta"],
];

/** Milliseconds of the first page, median; hits on it; and, where it stopped at its time, pages until there is a hit or an end. */
async function measure(store: Store, q: string): Promise<string> {
  const times: number[] = [];
  let page: SearchPage | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    const from = performance.now();
    page = await searchMessages(store, { q, limit: 50 });
    times.push(performance.now() - from);
    if (performance.now() - from > 1_000) break;
  }
  let pages = 1;
  let before: MessageKey | null = page?.next ?? null;
  while (page?.searchedBackTo && page.items.length === 0 && before !== null && pages < MOST_PAGES) {
    page = await searchMessages(store, { q, limit: 50, before });
    before = page.next;
    pages += 1;
  }
  const median = times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN;
  const stopped = page?.searchedBackTo ? `, back to ${page.searchedBackTo.slice(0, 10)}` : "";
  return `${median.toFixed(1)} ms, ${page?.items.length ?? 0} hits${pages > 1 ? `, ${pages} pages` : ""}${stopped}`;
}

async function measureLists(store: Store): Promise<Record<string, string>> {
  const time = async (read: () => Promise<unknown>): Promise<string> => {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const from = performance.now();
      await read();
      times.push(performance.now() - from);
    }
    return `${(times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN).toFixed(1)} ms`;
  };
  return {
    "list: all": await time(() => listConversations(store.read, { limit: 50 })),
    "list: open": await time(() => listConversations(store.read, { state: "OPEN", limit: 50 })),
    "list: closed, behind newer open ones": await time(() =>
      listConversations(store.read, { state: "CLOSED", limit: 50 }),
    ),
    "list: open, behind newer closed ones": await time(() =>
      listConversations(store.read, {
        state: "OPEN",
        limit: 50,
        after: ["2026-01-01T00:00:00.000000Z" as MessageKey[0], conversationId(0)],
      }),
    ),
    "list: who waits, the longest wait first": await time(() =>
      listConversations(store.read, { waiting: true, order: "oldest", limit: 50 }),
    ),
    "how many wait, up to 99": await time(() => countWaiting(store.read, 100)),
  };
}

const table: Record<string, Record<string, string>> = {};

async function measureAll(store: Store, { kind, url }: { kind: string; url: string }): Promise<void> {
  const add = (what: string, cost: string): void => {
    table[what] = { ...table[what], [kind]: cost };
    say(`${kind}, ${what}: ${cost}`);
  };
  for (const [what, cost] of Object.entries(await measureLists(store))) add(what, cost);
  for (const [what, q] of QUERIES) add(`search: ${what}`, await measure(store, q));
  const size = { conversations: CONVERSATIONS, messages: MESSAGES };
  const written = await readWhileWriting(store, { url, ...size, rate: WRITTEN });
  for (const [what, cost] of Object.entries(written)) add(what, cost);
  add("applied as fast as it goes", await applyRate(url, CONVERSATIONS));
}

async function fillAndMeasure(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "fio-bench-"));
  const postgres = await startPostgres({
    settings: ["fsync=off", "shared_buffers=512MB", "max_wal_size=4GB"],
  });
  try {
    for (const kind of ["sqlite", "postgres"]) {
      if (options.only !== undefined && options.only !== kind) continue;
      const url =
        kind === "sqlite"
          ? `sqlite:${join(directory, "fio.db")}`
          : await postgres.createDatabase(`m${MESSAGES}`);
      const store = openStore(url);
      await migrate(store);
      const from = performance.now();
      await fillLopsided(store, {
        ...{
          conversations: CONVERSATIONS,
          messages: MESSAGES,
          unapplied: Math.floor(MESSAGES / 100),
          now: NOW,
        },
      });
      say(`${kind} filled in ${((performance.now() - from) / 1_000).toFixed(0)} s: ${url}`);
      await onceThere(options.once);
      await measureAll(store, { kind, url });
      await store.close();
    }
    if (!options.hold) return;
    say("they stay until Ctrl-C");
    const kept = setInterval(() => {}, 60_000);
    await once(process, "SIGINT");
    clearInterval(kept);
  } finally {
    await postgres.remove();
    await rm(directory, { recursive: true, force: true });
  }
}

say(
  `${cpus().length} cores, load ${loadavg()[0]?.toFixed(1) ?? "?"}; ${MESSAGES.toLocaleString("en")} messages`,
);
if (options.url === undefined) {
  await fillAndMeasure();
} else {
  const store = openStore(options.url);
  await measureAll(store, { kind: options.url.replace(/:.*/, ""), url: options.url });
  await store.close();
}
console.table(table);
