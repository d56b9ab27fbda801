import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { applyBatch, settleStep, type Applied } from "../services/conversations/src/store/apply.ts";
import { openStore, type Store } from "../services/conversations/src/store/connect.ts";
import { migrate } from "../services/conversations/src/store/migrate.ts";
import { listConversations } from "../services/conversations/src/store/queries/conversations.ts";
import { SIDE_WRITES, storyOf } from "../services/conversations/src/store/testing/fixture.ts";
import { startPostgres } from "../test/support/postgres-server.ts";
import { beside, ms, say, sayMachine } from "./support/figures.ts";

/*
 * A creation for which many messages wait, and then a close below them all: the longest transaction, the longest wait of
 * a reader in the same process beside it, and the most memory, on both databases.
 *
 *   node bench/steps.ts [how many, …]
 */

const COUNTS = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [60_000, 150_000];

/** Inserted by one statement, as a worker would have left them. */
async function seedWaiting({ write, dialect }: Store, id: string, count: number): Promise<void> {
  const [numbers, uuid, message, own] =
    dialect === "postgres"
      ? ["select generate_series(1, ?::int) as n", "?::uuid", "gen_random_uuid()", "message::text"]
      : [
          "with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ?) select n from numbers",
          "?",
          "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))",
          "message",
        ];
  await write.raw(
    `insert into unapplied_events (receipt, type, event_id, conversation_id, event, reason, content_hash)
      select 1000000000000000 + n, 'NEW_MESSAGE', message, ${uuid},
        '{"type":"NEW_MESSAGE","timestamp":"2025-02-21T10:20:42.349308Z","data":{"id":"' || ${own} ||
        '","direction":"RECEIVED","content":"Gostaria de saber o prazo de entrega do meu pedido.","conversation_id":"${id}"}}',
        'CONVERSATION_NOT_FOUND', ${own}
      from (select n, ${message} as message from (${numbers}) as series) as rows`,
    [id, count],
  );
}

/** Reads as an api in this process would, until `isOver`; the longest that one took, and the most memory meanwhile. */
async function readMeanwhile(
  store: Store,
  isOver: () => boolean,
): Promise<{ worst: number; memory: number }> {
  let [worst, memory] = [0, 0];
  while (!isOver()) {
    const due = performance.now() + 10;
    await sleep(10);
    await listConversations(store.read, { limit: 50 });
    // Timed from when it was due: a blocked event loop delays its readers.
    worst = Math.max(worst, performance.now() - due);
    memory = Math.max(memory, process.memoryUsage.rss());
  }
  return { worst, memory };
}

async function settle(store: Store, begin: () => Promise<Applied>, conversation: string): Promise<number[]> {
  const times: number[] = [];
  const timed = async (work: () => Promise<Applied>): Promise<Applied> => {
    const began = performance.now();
    const applied = await work();
    times.push(performance.now() - began);
    return applied;
  };
  let applied = await timed(begin);
  while (applied.unsettled.length > 0) {
    applied = await timed(() => settleStep(store, { ...SIDE_WRITES, conversation }));
  }
  return times;
}

sayMachine();
const directory = await mkdtemp(join(tmpdir(), "fio-bench-steps-"));
const server = await startPostgres();
const stores = [
  { name: "SQLite", store: openStore(`sqlite:${join(directory, "fio.db")}`) },
  { name: "Postgres", store: openStore(await server.createDatabase("fio")) },
];
try {
  for (const { name, store } of stores) {
    await migrate(store);
    for (const count of COUNTS) {
      await store.write("unapplied_events").delete();
      await store.write("messages").delete();
      await store.write("conversations").delete();
      const story = storyOf();
      await seedWaiting(store, story.id, count);
      const low = { ...story.closed(0), receipt: "1000000000000000" as ReturnType<typeof story.under> };
      for (const [what, event] of [
        [`a creation for ${count} that wait`, story.created(1)],
        [`a close below ${count}`, low],
      ] as const) {
        const before = process.memoryUsage.rss();
        let over = false;
        const reading = readMeanwhile(store, () => over);
        const begun = performance.now();
        const times = await settle(
          store,
          () => applyBatch(store, { ...SIDE_WRITES, events: [event] }),
          story.id,
        );
        over = true;
        const { worst, memory } = await reading;
        say(
          `${name}, ${what}: ${times.length} transactions in ${((performance.now() - begun) / 1_000).toFixed(1)} s, ` +
            `the longest ${ms(Math.max(...times))}, memory ${(before / 2 ** 20).toFixed(0)} MiB before, ` +
            `${(memory / 2 ** 20).toFixed(0)} MiB at most`,
        );
        beside(`${name}, ${what}: the longest read beside it`, worst, 200, "ms");
      }
    }
  }
} finally {
  await Promise.all(stores.map(({ store }) => store.close()));
  await server.remove();
  await rm(directory, { recursive: true, force: true });
}
