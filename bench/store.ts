import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { receiptOf, timestampOf, type AcceptedEvent } from "@fio/contracts";
import { applyBatch } from "../services/conversations/src/store/apply.ts";
import { openStore, type Store } from "../services/conversations/src/store/connect.ts";
import { migrate } from "../services/conversations/src/store/migrate.ts";
import { startPostgres } from "../test/support/postgres-server.ts";

/*
 * What group commit gains: the applier compared with one transaction for each event, on both stores as they are set
 * for production (every commit on the disk). The ways take turns, so that other load on the machine affects all.
 *
 *   node bench/store.ts [rounds]
 */

const ROUNDS = Number(process.argv[2] ?? 3);
const MILLISECONDS = 2_500;
const GROUPS = [1, 32, 1_000];
const OPEN_CONVERSATIONS = 200;
const TEXT = "Olá! Gostaria de saber o prazo de entrega do meu pedido, por favor. Obrigado.";

let receipts = Date.now() * 1_000;
const nextReceipt = () => receiptOf((receipts += 1));

/** Lifelike traffic: nine messages to each conversation that begins, a third of them answers, spread over many at a time. */
function traffic(): () => AcceptedEvent {
  const open: string[] = [];
  let turn = 0;
  return () => {
    const receipt = nextReceipt();
    const timestamp = timestampOf(Number(receipt) / 1_000);
    turn += 1;
    if (turn % 10 === 1) {
      const id = randomUUID();
      open.push(id);
      if (open.length > OPEN_CONVERSATIONS) open.shift();
      return { receipt, event: { type: "NEW_CONVERSATION", timestamp, data: { id } } };
    }
    const conversation_id = open[turn % open.length] ?? "";
    const direction = turn % 3 === 0 ? ("SENT" as const) : ("RECEIVED" as const);
    const data = { id: randomUUID(), direction, content: TEXT, conversation_id };
    return { receipt, event: { type: "NEW_MESSAGE", timestamp, data } };
  };
}

/** Events a second, in transactions of `size`, one after another as the worker runs them. */
async function measure(store: Store, next: () => AcceptedEvent, size: number): Promise<number> {
  const began = performance.now();
  let events = 0;
  let announced: string[] = [];
  while (performance.now() - began < MILLISECONDS) {
    const batch = Array.from({ length: size }, next);
    const { announcement } = await applyBatch(store, {
      events: batch,
      now: Date.now(),
      announced,
      poisonMark: null,
    });
    announced = announcement === null ? [] : [announcement.id];
    events += size;
  }
  return events / ((performance.now() - began) / 1_000);
}

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;

const directory = await mkdtemp(join(tmpdir(), "fio-bench-store-"));
const server = await startPostgres();
const stores = [
  { name: "SQLite", store: openStore(`sqlite:${join(directory, "fio.db")}`), next: traffic() },
  { name: "Postgres", store: openStore(await server.createDatabase("fio")), next: traffic() },
];
try {
  const samples = new Map<string, number[]>();
  for (const { store, next } of stores) {
    await migrate(store);
    await measure(store, next, 100);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const size of GROUPS) {
      for (const { name, store, next } of stores) {
        const key = `${name} ${size}`;
        samples.set(key, [...(samples.get(key) ?? []), await measure(store, next, size)]);
      }
    }
  }
  const of = (name: string, size: number): number => median(samples.get(`${name} ${size}`) ?? []);
  process.stdout.write(
    `Events a second through the applier, medians of ${ROUNDS} rounds of ${MILLISECONDS / 1_000} s on ${cpus().length} cores ` +
      `(load ${loadavg()[0]?.toFixed(1)}); Postgres beside it on the same machine.\n\n`,
  );
  process.stdout.write(
    `| events in a transaction | ${stores.map(({ name }) => name).join(" | ")} |\n| ---: | ---: | ---: |\n`,
  );
  for (const size of GROUPS) {
    const cells = stores.map(
      ({ name }) => `${of(name, size).toFixed(0)} (${(of(name, size) / of(name, 1)).toFixed(1)} ×)`,
    );
    process.stdout.write(`| ${size} | ${cells.join(" | ")} |\n`);
  }
} finally {
  await Promise.all(stores.map(({ store }) => store.close()));
  await server.remove();
  await rm(directory, { recursive: true, force: true });
}
