import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { receiptOf, timestampOf, type AcceptedEvent } from "@fio/contracts";
import { applyBatch } from "../services/conversations/src/store/apply.ts";
import { openStore, type Store } from "../services/conversations/src/store/connect.ts";
import { migrate } from "../services/conversations/src/store/migrate.ts";
import { SIDE_WRITES } from "../services/conversations/src/store/testing/fixture.ts";
import { startSystem } from "../test/support/system.ts";
import { probeStream, type Times } from "./lib/accept-to-stream.ts";
import { forEachKind } from "./support/databases.ts";
import { beside, medianOf, say, sayMachine, spread } from "./support/figures.ts";
import { OPEN_TO_ALL, REDIS_ARGS } from "./systems/processes.ts";

/*
 * What it costs others that old conversations are erased for their age: from accept to stream, while single events come at a
 * steady rate, with `RETENTION_DAYS` and without, one round of each in turn on equal stores. A round with it lasts until all old
 * ones are gone, one without it as long as that, at most two minutes.
 *
 *   node bench/retention.ts [--conversations 10000] [--messages 4] [--rate 100] [--rounds 2] [--only sqlite|postgres]
 */

const { values: options } = parseArgs({
  options: {
    conversations: { type: "string", default: "10000" },
    messages: { type: "string", default: "4" },
    rate: { type: "string", default: "100" },
    rounds: { type: "string", default: "2" },
    only: { type: "string" },
  },
});
const [CONVERSATIONS, MESSAGES, RATE, ROUNDS] = [
  options.conversations,
  options.messages,
  options.rate,
  options.rounds,
].map(Number) as [number, number, number, number];
const DAY_MS = 86_400_000;
const OLD_DAYS = 400;
const RETENTION_DAYS = 365;
const SLICE_SECONDS = 5;
const MOST_SECONDS = 3_600;
const CALM_SECONDS = 120;
const AT_ONCE = 1_000;

/** Closed conversations that have been quiet for {@link OLD_DAYS}; each has a word of its own. */
async function fill(store: Store): Promise<void> {
  const began = (Date.now() - OLD_DAYS * DAY_MS) * 1_000;
  let count = 0;
  const accepted = (event: Omit<AcceptedEvent["event"], "timestamp">): AcceptedEvent => {
    const at = began + (count += 1);
    const timestamp = timestampOf(Math.floor(at / 1_000));
    return { receipt: receiptOf(at), event: { ...event, timestamp } } as AcceptedEvent;
  };
  let events: AcceptedEvent[] = [];
  for (let one = 0; one < CONVERSATIONS; one += 1) {
    const id = randomUUID();
    events.push(accepted({ type: "NEW_CONVERSATION", data: { id } }));
    for (let index = 0; index < MESSAGES; index += 1) {
      const content = `Olá! Gostaria de saber o prazo de entrega do pedido palavra${one.toString(36)} ${index}.`;
      const data = { id: randomUUID(), direction: "RECEIVED", content, conversation_id: id } as const;
      events.push(accepted({ type: "NEW_MESSAGE", data }));
    }
    events.push(accepted({ type: "CLOSE_CONVERSATION", data: { id } }));
    if (events.length < AT_ONCE && one < CONVERSATIONS - 1) continue;
    await applyBatch(store, { ...SIDE_WRITES, events });
    events = [];
  }
  await store.write("outbox").delete();
  if (store.dialect === "postgres") await store.write.raw("analyze");
}

async function gone({ read }: Store): Promise<number> {
  const [row] = await read("tombstones")
    .whereNotNull("finished_at")
    .count<Array<{ n: string | number }>>("* as n");
  return Number(row?.n ?? 0);
}

/** `seconds` null: until all old ones are gone. */
async function measure(
  databaseUrl: string,
  { days, seconds }: { days: number | null; seconds: number | null },
): Promise<{ times: Times; seconds: number; erased: number }> {
  const store = openStore(databaseUrl);
  await migrate(store);
  await fill(store);
  const env = days === null ? OPEN_TO_ALL : { ...OPEN_TO_ALL, RETENTION_DAYS: String(days) };
  const system = await startSystem({ roles: ["worker", "api"], redisArgs: REDIS_ARGS, env, databaseUrl });
  try {
    const probe = await probeStream({ ...system, rate: RATE, connections: 8 });
    try {
      const times: Times = { fromPost: [], fromAnswer: [] };
      const before = await gone(store);
      let measured = 0;
      let erased = before;
      while (seconds === null ? erased < CONVERSATIONS && measured < MOST_SECONDS : measured < seconds) {
        const slice = await probe.measure(SLICE_SECONDS);
        times.fromPost.push(...slice.fromPost);
        times.fromAnswer.push(...slice.fromAnswer);
        measured += SLICE_SECONDS;
        erased = await gone(store);
      }
      return { times, seconds: measured, erased: erased - before };
    } finally {
      probe.end();
    }
  } finally {
    await system.remove();
    await store.close();
  }
}

sayMachine();
await forEachKind(["postgres", "sqlite"], options.only, async (kind, urlOf) => {
  const rounds: Array<Record<"with" | "without", Times>> = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const busy = await measure(await urlOf(`retention-${round}-with`), {
      days: RETENTION_DAYS,
      seconds: null,
    });
    const calm = await measure(await urlOf(`retention-${round}-without`), {
      days: null,
      seconds: Math.min(busy.seconds, CALM_SECONDS),
    });
    rounds.push({ with: busy.times, without: calm.times });
    say(
      `${kind}, ${RATE} events/s, ${busy.erased} conversations erased in ${busy.seconds} s: from the answer`,
    );
    say(`  meanwhile ${spread(busy.times.fromAnswer)}`);
    say(`  without   ${spread(calm.times.fromAnswer)}`);
  }
  const median = (which: "with" | "without", at: number): number =>
    medianOf(
      rounds.map((round) => round[which].fromAnswer),
      at,
    );
  for (const [name, at, target] of [
    ["p50", 0.5, 30],
    ["p99", 0.99, 100],
  ] as const) {
    say(`${kind}, ${name} without, median of the rounds: ${median("without", at).toFixed(1)} ms`);
    beside(`${kind}, ${name} meanwhile, median of the rounds`, median("with", at), target, "ms");
  }
});
