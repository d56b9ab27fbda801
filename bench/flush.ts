import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";
import { Redis } from "ioredis";
import { message } from "../test/support/events.ts";
import { startRedis } from "../test/support/redis-server.ts";
import { serviceProcess } from "../test/support/service-process.ts";

/*
 * What a flush costs: ingest alone on a Redis with `appendfsync always`, as one sender and as many see it, and the time
 * that ingest itself measures for a flush. No worker runs. Bounded: 3 loads of SECONDS each, ROUNDS times.
 *
 *   node bench/flush.ts [rounds] [seconds]
 */

const ROUNDS = Number(process.argv[2] ?? 3);
const SECONDS = Number(process.argv[3] ?? 3);
const conversation = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";
const arrayOf = (length: number) =>
  JSON.stringify(Array.from({ length }, () => message(conversation, { content: "Olá, tudo bem?" })));
const LOADS = [
  { name: "one sender, one event at a time", connections: 1, events: 1, body: arrayOf(1) },
  { name: "64 senders, one event at a time", connections: 64, events: 1, body: arrayOf(1) },
  { name: "16 senders, arrays of 50", connections: 16, events: 50, body: arrayOf(50) },
];

type Sample = {
  perSecond: number;
  p50: number;
  p99: number;
  flushMs: number;
  flushes: number;
  failed: number;
};

const dataDir = await mkdtemp(join(tmpdir(), "fio-bench-"));
const server = await startRedis({ args: ["--maxmemory", "2gb"] });
const redis = new Redis(server.url);
const ingest = await serviceProcess({
  service: "ingest",
  dataDir,
  env: { REDIS_URL: server.url, MAX_BACKLOG: "100000000", LOG_LEVEL: "warn" },
});

async function flushTotals(): Promise<{ count: number; sum: number }> {
  const text = await (await fetch(`${ingest.url}/metrics`)).text();
  const value = (name: string): number =>
    Number(new RegExp(`^fio_ingest_flush_seconds_${name} (\\S+)$`, "m").exec(text)?.[1]);
  return { count: value("count"), sum: value("sum") };
}

async function measure({ connections, events, body }: (typeof LOADS)[number]): Promise<Sample> {
  await redis.flushall();
  const before = await flushTotals();
  const result = await autocannon({
    url: `${ingest.url}/webhook/`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    connections,
    duration: SECONDS,
  });
  const after = await flushTotals();
  const flushes = after.count - before.count;
  return {
    perSecond: ((result.requests.total - result.non2xx) * events) / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    flushMs: ((after.sum - before.sum) / flushes) * 1000,
    flushes: flushes / result.duration,
    failed: result.non2xx + result.errors + result.timeouts,
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

try {
  await ingest.start();
  for (const load of LOADS) {
    const samples: Sample[] = [];
    for (let round = 0; round < ROUNDS; round += 1) samples.push(await measure(load));
    const of = (field: keyof Sample, digits = 0): string =>
      median(samples.map((sample) => sample[field])).toFixed(digits);
    console.log(
      [
        load.name.padEnd(34),
        `${of("perSecond")} events/s`,
        `p50 ${of("p50", 1)} ms, p99 ${of("p99", 1)} ms`,
        `a flush ${of("flushMs", 2)} ms, ${of("flushes")} flushes/s`,
        `${of("failed")} failed`,
      ].join("; "),
    );
  }
} finally {
  await ingest.stop();
  redis.disconnect();
  await server.remove();
  await rm(dataDir, { recursive: true, force: true });
}
