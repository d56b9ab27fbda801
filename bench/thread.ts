import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { timestampOf } from "@fio/contracts";
import { openStore, type Store } from "../services/conversations/src/store/connect.ts";
import { migrate } from "../services/conversations/src/store/migrate.ts";
import { readThread, type ThreadPage } from "../services/conversations/src/store/queries/thread.ts";
import {
  conversationId,
  fillLopsided,
  messageId,
} from "../services/conversations/src/store/testing/lopsided.ts";
import { startPostgres } from "../test/support/postgres-server.ts";
import { say, sayMachine, spread } from "./support/figures.ts";

/*
 * What a page of a thread costs, in one of 10 messages and in one of 100,000, on both databases: the latest, around 200
 * random messages and at 200 random times, and onward from there.
 *
 *   node bench/thread.ts [--messages 100000] [--only postgres|sqlite]
 *
 * About a minute.
 */

const { values: options } = parseArgs({
  options: { messages: { type: "string", default: "100000" }, only: { type: "string" } },
});
const NOW = Date.parse("2026-11-28T12:00:00Z");
const SPAN_MS = 730 * 86_400_000;
const READS = 200;
const id = conversationId(0);

async function measure(store: Store, what: string, pageOf: () => ThreadPage): Promise<void> {
  const times: number[] = [];
  for (let read = 0; read < READS; read += 1) {
    const page = pageOf();
    const from = performance.now();
    const thread = await readThread(store.read, { id, limit: 100, page });
    times.push(performance.now() - from);
    if (thread.kind !== "read") throw new Error(`${what}: ${thread.kind}`);
  }
  say(`  ${what}: ${spread(times)}`);
}

async function measureThread(url: string, messages: number): Promise<void> {
  const store = openStore(url);
  try {
    await migrate(store);
    await fillLopsided(store, { conversations: 1, messages, unapplied: 0, now: NOW });
    const random = (): number => Math.floor(Math.random() * messages);
    const at = () => timestampOf(NOW - Math.floor(Math.random() * SPAN_MS));
    await measure(store, "the latest", () => ({ at: "end" }));
    await measure(store, "around a message", () => ({ around: messageId(random()) }));
    await measure(store, "at a time", () => ({ at: at() }));
    await measure(store, "onward", () => ({ after: [at(), "0000000000000000" as never] }));
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
    for (const messages of [10, Number(options.messages)]) {
      say(`${kind}, a thread of ${messages.toLocaleString("en")}`);
      const url =
        kind === "sqlite"
          ? `sqlite:${join(directory, `${messages}.db`)}`
          : await postgres.createDatabase(`m${messages}`);
      await measureThread(url, messages);
    }
  }
} finally {
  await postgres.remove();
  await rm(directory, { recursive: true, force: true });
}
