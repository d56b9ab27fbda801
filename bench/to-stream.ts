import { parseArgs } from "node:util";
import { openStore } from "../services/conversations/src/store/connect.ts";
import { migrate } from "../services/conversations/src/store/migrate.ts";
import { startSystem } from "../test/support/system.ts";
import { probeStream, type Times } from "./lib/accept-to-stream.ts";
import { forEachKind } from "./support/databases.ts";
import { beside, medianOf, say, sayMachine, spread } from "./support/figures.ts";
import { OPEN_TO_ALL, REDIS_ARGS } from "./systems/processes.ts";

/*
 * From when a message was accepted until a client of the live stream has it, while single events come at a steady rate over
 * 64 connections to 1,000 conversations; the client follows ten of them, and every 20 ms a message goes to one of these.
 * Ingest, worker and api are processes of their own; all share the machine with the load.
 *
 *   node bench/to-stream.ts [--rate 1000] [--seconds 10] [--rounds 3] [--only sqlite|postgres]
 */

const { values: options } = parseArgs({
  options: {
    rate: { type: "string", default: "1000" },
    seconds: { type: "string", default: "10" },
    rounds: { type: "string", default: "3" },
    only: { type: "string" },
  },
});
const [RATE, SECONDS, ROUNDS] = [options.rate, options.seconds, options.rounds].map(Number) as [
  number,
  number,
  number,
];

async function measure(databaseUrl: string): Promise<Times> {
  const store = openStore(databaseUrl);
  await migrate(store);
  await store.close();
  const system = await startSystem({
    ...{ roles: ["worker", "api"], redisArgs: REDIS_ARGS, env: OPEN_TO_ALL, databaseUrl },
  });
  try {
    const probe = await probeStream({ ...system, rate: RATE, connections: 64 });
    try {
      return await probe.measure(SECONDS);
    } finally {
      probe.end();
    }
  } finally {
    await system.remove();
  }
}
sayMachine();
await forEachKind(["postgres", "sqlite"], options.only, async (kind, urlOf) => {
  const rounds: Times[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const times = await measure(await urlOf(`to-stream-${round}`));
    rounds.push(times);
    say(`${kind}, ${RATE} events/s: from the answer ${spread(times.fromAnswer)}`);
    say(`  from the post ${spread(times.fromPost)}`);
  }
  const median = (at: number): number =>
    medianOf(
      rounds.map(({ fromAnswer }) => fromAnswer),
      at,
    );
  beside(`${kind}, p50 of accept to stream, median of the rounds`, median(0.5), 30, "ms");
  beside(`${kind}, p99`, median(0.99), 100, "ms");
});
