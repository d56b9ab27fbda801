import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { timestampOf } from "@fio/contracts";
import { openStore, type Store } from "../services/conversations/src/store/connect.ts";
import { migrate } from "../services/conversations/src/store/migrate.ts";
import { findByName } from "../services/conversations/src/store/queries/find-by-name.ts";
import { searchMessages } from "../services/conversations/src/store/queries/search.ts";
import { searchableWords } from "../services/conversations/src/store/searchable-words.ts";
import { asRows, rowsOf, type ColumnType } from "../services/conversations/src/store/sql.ts";
import { startPostgres } from "../test/support/postgres-server.ts";
import { say, sayMachine, spread } from "./support/figures.ts";

/*
 * What a search costs where everything is alike: conversations that all have one name, one tail and one beginning of their
 * ids, and messages that all stand at one place, on both databases.
 *
 *   node bench/names.ts [--conversations 100000] [--messages 100000] [--only postgres|sqlite]
 *
 * About two minutes.
 */

const { values: options } = parseArgs({
  options: {
    conversations: { type: "string", default: "100000" },
    messages: { type: "string", default: "100000" },
    only: { type: "string" },
  },
});
const NOW = Date.parse("2026-11-28T12:00:00Z");
/** Bambu Nobre. */
const HANDLE = 1_997;
const READS = 20;

/** They begin alike and end alike. */
function idOf(kind: string, n: number): string {
  const digits = n.toString(16).padStart(8, "0");
  return `abcd1234-${digits.slice(0, 4)}-4${kind}00-8000-${digits.slice(4)}0000beef`;
}

async function insert(
  store: Store,
  table: string,
  columns: Record<string, ColumnType>,
  rows: object[],
): Promise<void> {
  const names = Object.keys(columns).join(", ");
  for (let from = 0; from < rows.length; from += 5_000) {
    await store.write.raw(
      `insert into ${table} (${names}) select ${names} from ${rowsOf(store.dialect, "made", columns)}`,
      [asRows(rows.slice(from, from + 5_000))],
    );
  }
}

async function fill(store: Store): Promise<void> {
  const conversations = Array.from({ length: Number(options.conversations) }, (_, n) => {
    const at = timestampOf(NOW - n * 1_000);
    return {
      id: idOf("0", n),
      state: n % 1_000 === 999 ? "CLOSED" : "OPEN",
      created_at: at,
      created_receipt: String(n + 1),
      version: 1,
      message_count: 0,
      activity_at: at,
      highest_receipt: String(n + 1),
      handle: HANDLE,
    };
  });
  await insert(
    store,
    "conversations",
    {
      id: "uuid",
      state: "text",
      created_at: "text",
      created_receipt: "bigint",
      version: "integer",
      message_count: "integer",
      activity_at: "text",
      highest_receipt: "bigint",
      handle: "integer",
    },
    conversations,
  );
  const timestamp = timestampOf(NOW);
  const words = searchableWords({ content: "comum", timestamp });
  const messages = Array.from({ length: Number(options.messages) }, (_, n) => ({
    id: idOf("1", n),
    conversation_id: idOf("0", n % 10),
    direction: n === 7 ? "SENT" : "RECEIVED",
    content: "comum",
    timestamp,
    receipt: String(NOW * 1_000 + n),
    words,
  }));
  await insert(
    store,
    "messages",
    {
      id: "uuid",
      conversation_id: "uuid",
      direction: "text",
      content: "text",
      timestamp: "text",
      receipt: "bigint",
      words: "text",
    },
    messages,
  );
  await store.write.raw("analyze");
}

async function time(what: string, read: () => Promise<{ items: readonly unknown[] }>): Promise<void> {
  const times: number[] = [];
  let found = 0;
  for (let round = 0; round < READS; round += 1) {
    const from = performance.now();
    found = (await read()).items.length;
    times.push(performance.now() - from);
  }
  say(`  ${what}: ${found} found, ${spread(times)}`);
}

async function measure(url: string): Promise<void> {
  const store = openStore(url);
  try {
    await migrate(store);
    await fill(store);
    for (const q of ["bambu nobre", "bambu nobre beef", "beef", "abcd1234", "ca", "bambu%"]) {
      await time(q, () => findByName(store, { q, limit: 5 }));
    }
    await time("bambu nobre, the few closed ones", () =>
      findByName(store, { q: "bambu nobre", state: "CLOSED", limit: 5 }),
    );
    await time("a word at one place", () => searchMessages(store, { q: "comum", limit: 50 }));
    await time("a word at one place, the one that was sent", () =>
      searchMessages(store, { q: "comum", direction: "SENT", limit: 50 }),
    );
    await time("a word at one place, grouped", () =>
      searchMessages(store, { q: "comum", group: "conversation", limit: 50 }),
    );
  } finally {
    await store.close();
  }
}

const directory = await mkdtemp(join(tmpdir(), "fio-bench-"));
const postgres = await startPostgres({ settings: ["fsync=off"] });
try {
  sayMachine();
  for (const kind of ["sqlite", "postgres"]) {
    if (options.only !== undefined && options.only !== kind) continue;
    say(kind);
    await measure(
      kind === "sqlite" ? `sqlite:${join(directory, "fio.db")}` : await postgres.createDatabase("names"),
    );
  }
} finally {
  await postgres.remove();
  await rm(directory, { recursive: true, force: true });
}
