import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { receiptOf, timestampOf } from "@fio/contracts";
import { startPostgres } from "../test/support/postgres-server.ts";
import { openStore, type Store } from "../services/conversations/src/store/connect.ts";
import { migrate } from "../services/conversations/src/store/migrate.ts";
import { searchMessages } from "../services/conversations/src/store/queries/search.ts";
import { searchableWords } from "../services/conversations/src/store/searchable-words.ts";
import { asRows, rowsOf, type ColumnType } from "../services/conversations/src/store/sql.ts";

/*
 * What a page of search results costs when there is ten times as much to search, on both databases: for words of half
 * of all messages, of one in a hundred, of one in ten thousand and of none; a beginning of a word; and a page deep down.
 * Words are as frequent as in real text (Zipf); messages come at 50 a second.
 *
 *   node bench/search.ts [messages, several sizes]
 */

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [20_000, 200_000];
const START = Date.parse("2025-02-21T00:00:00Z");
const BATCH = 500;
const ROUNDS = 15;
const SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi xo zu cha lho nha qui tra".split(" ");

let seed = 1;
const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
const pick = <Item>(some: readonly Item[]): Item => some[Math.floor(random() * some.length)] as Item;
const vocabulary = Array.from({ length: 20_000 }, () =>
  Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(SYLLABLES)).join(""),
);
const word = (): string => vocabulary[Math.floor(vocabulary.length ** random()) - 1] ?? "";

const MESSAGE: Record<string, ColumnType> = {
  id: "uuid",
  conversation_id: "uuid",
  direction: "text",
  content: "text",
  timestamp: "text",
  receipt: "bigint",
  words: "text",
};
const conversations = Array.from({ length: 1_000 }, () => randomUUID());

function messageRow(index: number): object {
  const marks = [
    ...(index % 2 === 0 ? ["metade"] : []),
    ...(index % 100 === 0 ? ["centena"] : []),
    ...(index % 10_000 === 0 ? ["raridade"] : []),
  ];
  const content = [...Array.from({ length: 3 + Math.floor(random() * 12) }, word), ...marks].join(" ");
  const timestamp = timestampOf(START + index * 20);
  return {
    id: randomUUID(),
    conversation_id: pick(conversations),
    direction: "RECEIVED",
    content,
    timestamp,
    receipt: receiptOf((START + index * 20) * 1_000),
    words: searchableWords({ content, timestamp }),
  };
}

async function fill({ dialect, write }: Store, messages: number): Promise<void> {
  const columns = Object.keys(MESSAGE).join(", ");
  const insert = `insert into messages (${columns}) select ${columns} from ${rowsOf(dialect, "added", MESSAGE)}`;
  for (let index = 0; index < messages; index += BATCH) {
    await write.raw(insert, [
      asRows(Array.from({ length: BATCH }, (_, offset) => messageRow(index + offset))),
    ]);
  }
  const end = timestampOf(START + messages * 20);
  const rows = conversations.map((id) => ({
    id,
    state: "OPEN",
    created_at: end,
    created_receipt: 1,
    activity_at: end,
  }));
  await write.batchInsert("conversations", rows, 100);
  await write.raw("analyze");
}

async function measure(store: Store, messages: number): Promise<Record<string, string>> {
  const time = async (q: string, deep = false): Promise<string> => {
    const before = deep
      ? ([timestampOf(START + messages * 10), receiptOf(0)] as [
          ReturnType<typeof timestampOf>,
          ReturnType<typeof receiptOf>,
        ])
      : undefined;
    const times: number[] = [];
    let found = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const from = performance.now();
      found = (await searchMessages(store, { q, limit: 50, before })).items.length;
      times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    return `${(times[Math.floor(ROUNDS / 2)] ?? NaN).toFixed(1)} (${found})`;
  };
  return {
    "1 in 2": await time("metade"),
    "1 in 100": await time("centena"),
    "1 in 10,000": await time("raridade"),
    none: await time("inexistente"),
    "both rare": await time("raridade centena"),
    beginning: await time("met"),
    "deep, 1 in 100": await time("centena", true),
  };
}

const directory = await mkdtemp(join(tmpdir(), "fio-bench-"));
const postgres = await startPostgres({ settings: ["fsync=off"] });
const table: Record<string, Record<string, string>> = {};
try {
  for (const messages of SIZES) {
    for (const [kind, url] of [
      ["SQLite", `sqlite:${join(directory, `${messages}.db`)}`],
      ["Postgres", await postgres.createDatabase(`m${messages}`)],
    ] as const) {
      const store = openStore(url);
      await migrate(store);
      const from = performance.now();
      await fill(store, messages);
      const perSecond = (messages / (performance.now() - from)) * 1_000;
      table[`${kind}, ${messages.toLocaleString("en")}`] = {
        ...(await measure(store, messages)),
        "filled, messages a second": perSecond.toFixed(0),
      };
      await store.close();
    }
  }
  console.log("Median of a page in milliseconds (hits on it):");
  console.table(table);
} finally {
  await postgres.remove();
  await rm(directory, { recursive: true, force: true });
}
