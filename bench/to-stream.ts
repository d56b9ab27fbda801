import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openStore } from "../services/conversations/src/store/connect.ts";
import { migrate } from "../services/conversations/src/store/migrate.ts";
import { startSystem } from "../test/support/system.ts";
import { until } from "../test/support/until.ts";
import { openConnection } from "./generator/connection.ts";
import { startGenerator } from "./generator/generator.ts";
import { creation, message } from "./generator/traffic.ts";
import { followStream } from "./lib/follow-stream.ts";
import { forEachKind } from "./support/databases.ts";
import { beside, quantile, say, sayMachine, spread } from "./support/figures.ts";
import { REDIS_ARGS } from "./systems/processes.ts";

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
const CONVERSATIONS = 1_000;
const FOLLOWED = 10;
const PROBE_MS = 20;

const ids = Array.from({ length: CONVERSATIONS }, () => randomUUID() as string);
const followed = ids.slice(0, FOLLOWED);

/** Milliseconds from post and from answer to the stream, of each message to a followed conversation. */
type Times = { fromPost: number[]; fromAnswer: number[] };

async function measure(databaseUrl: string): Promise<Times> {
  const store = openStore(databaseUrl);
  await migrate(store);
  await store.close();
  const system = await startSystem({
    roles: ["worker", "api"],
    redisArgs: REDIS_ARGS,
    env: {
      NODE_ENV: "production",
      ALLOW_UNSIGNED_WEBHOOKS: "true",
      ALLOW_ANONYMOUS_READS: "true",
      MAX_BACKLOG: "100000000",
    },
    databaseUrl,
  });
  const ended = new AbortController();
  const generator = startGenerator();
  try {
    const url = system.ingestUrl;
    const connection = openConnection(`${url}/webhook/`);
    await connection.post(`[${ids.map(creation).join(",")}]`);
    const heard = await followStream(system.apiUrl, { conversations: followed, signal: ended.signal });
    const load = {
      ...{ url, connections: 64, events: 1, traffic: "messages" as const, conversations: ids },
      most: 1e9,
      rate: RATE,
    };
    await generator.send({ ...load, seconds: 3 });

    const posted = new Map<string, { at: number; answeredAt: number }>();
    const loaded = new AbortController();
    const loading = generator.send({ ...load, seconds: SECONDS }).finally(() => loaded.abort());
    for (let index = 0; !loaded.signal.aborted; index += 1) {
      const id = randomUUID();
      const at = performance.now();
      const status = await connection.post(message(followed[index % FOLLOWED] ?? "", false, id));
      if (status !== 202) throw new Error(`not accepted: ${status}`);
      posted.set(id, { at, answeredAt: performance.now() });
      await sleep(PROBE_MS);
    }
    const { refused, unanswered } = await loading;
    if (unanswered > 0 || Object.keys(refused).length > 0)
      throw new Error(`refused: ${JSON.stringify(refused)}`);
    await until(() => [...posted.keys()].every((id) => heard.has(id)), {
      what: "all messages are in the stream",
      limitMs: 60_000,
    });
    connection.end();
    const times = (since: "at" | "answeredAt"): number[] =>
      [...posted].map(([id, one]) => (heard.get(id) ?? NaN) - one[since]);
    return { fromPost: times("at"), fromAnswer: times("answeredAt") };
  } finally {
    ended.abort();
    generator.end();
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
    quantile(
      rounds.map(({ fromAnswer }) => quantile(fromAnswer, at)),
      0.5,
    );
  beside(`${kind}, p50 of accept to stream, median of the rounds`, median(0.5), 30, "ms");
  beside(`${kind}, p99`, median(0.99), 100, "ms");
});
