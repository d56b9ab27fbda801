import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { receiptOf, timestampOf, type AcceptedEvent } from "@fio/contracts";
import { applyBatch } from "../services/conversations/src/store/apply.ts";
import { openStore, type Store } from "../services/conversations/src/store/connect.ts";
import { migrate } from "../services/conversations/src/store/migrate.ts";
import { storyOf } from "../services/conversations/src/store/testing/fixture.ts";
import { seedRefused } from "../services/conversations/src/store/testing/seed-unapplied.ts";
import { startPostgres } from "../test/support/postgres-server.ts";
import { beside, ms, quantile, say, sayMachine } from "./support/figures.ts";

/*
 * What one more refusal of a subject costs after 10 and after many of the same, and how long an unrelated event waits
 * meanwhile, on both databases as they are set for production:
 *
 *   node bench/repeats.ts [how many, at most 1000000] [samples]
 */

const MANY = Number(process.argv[2] ?? 1_000_000);
const SAMPLES = Number(process.argv[3] ?? 60);

let receipts = Date.now() * 1_000;
const next = (event: AcceptedEvent["event"]): AcceptedEvent => ({
  receipt: receiptOf((receipts += 1)),
  event,
});
let timestamps = Date.parse("2026-01-01T00:00:00Z");
const stamped = <Event extends AcceptedEvent["event"]>(event: Event): Event => ({
  ...event,
  timestamp: timestampOf((timestamps += 1)),
});

const took = async (store: Store, event: AcceptedEvent): Promise<number> => {
  const began = performance.now();
  await applyBatch(store, { events: [event], now: Date.now(), announced: [], poisonMark: null });
  return performance.now() - began;
};

let seeded = 1_000_000_000_000_000;

/** For each subject of a conversation how one more of it is made, after `count` refusals of each. */
async function repeated(store: Store, count: number): Promise<Array<[string, () => AcceptedEvent]>> {
  const story = storyOf();
  const { event: creation } = story.created(1);
  const { event: message } = story.message(2);
  const { event: close } = story.closed(3);
  for (const event of [creation, message, close]) await took(store, next(event));
  for (const event of [creation, message, close]) {
    await seedRefused(store, { event, count, above: receiptOf((seeded += 10_000_000)) });
  }
  return [
    ["NEW_CONVERSATION", () => next(stamped(creation))],
    ["NEW_MESSAGE", () => next(stamped(message))],
    ["CLOSE_CONVERSATION", () => next(stamped(close))],
  ];
}

sayMachine();
const directory = await mkdtemp(join(tmpdir(), "fio-bench-repeats-"));
const server = await startPostgres();
const stores = [
  { name: "SQLite", store: openStore(`sqlite:${join(directory, "fio.db")}`) },
  { name: "Postgres", store: openStore(await server.createDatabase("fio")) },
];
try {
  for (const { name, store } of stores) {
    await migrate(store);
    const [few, many] = [await repeated(store, 10), await repeated(store, MANY)];
    const times = {
      few: few.map((): number[] => []),
      many: many.map((): number[] => []),
      other: [] as number[],
    };
    const oneMore = (index: number): AcceptedEvent => {
      const [, make] = many[index % many.length] ?? [];
      if (make === undefined) throw new Error("nothing to repeat");
      return make();
    };
    // Taking turns, so that other load on the machine affects all.
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      for (const [index, [, one]] of few.entries()) {
        times.few[index]?.push(await took(store, one()));
        times.many[index]?.push(await took(store, oneMore(index)));
      }
      // An event that comes just behind such a one.
      const before = took(store, oneMore(sample));
      const other = took(store, storyOf().created(1));
      await before;
      times.other.push(await other);
    }
    for (const [index, [type]] of few.entries()) {
      const [low, high] = [quantile(times.few[index] ?? [], 0.5), quantile(times.many[index] ?? [], 0.5)];
      say(
        `${name} ${type}: median ${ms(low)} after 10, ${ms(high)} after ${MANY}, ratio ${(high / low).toFixed(2)}`,
      );
    }
    beside(`${name}: an unrelated event behind one, p95`, quantile(times.other, 0.95), 100, "ms");
  }
} finally {
  await Promise.all(stores.map(({ store }) => store.close()));
  await server.remove();
  await rm(directory, { recursive: true, force: true });
}
