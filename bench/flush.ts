import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";
import { Redis } from "ioredis";
import { message } from "../test/support/events.ts";
import { startRedis } from "../test/support/redis-server.ts";
import { serviceProcess } from "../test/support/service-process.ts";

/*
 * What a flush costs: ingest alone on a Redis with `appendfsync always`, as one sender and as many see it, the time
 * that ingest itself measures for a flush, and what an event costs both in processor time. No worker runs. Several
 * numbers of partitions are measured in turn, each on a Redis of its own. Bounded: 3 loads of SECONDS each, ROUNDS times.
 *
 *   node bench/flush.ts [rounds] [seconds] [numbers of partitions, e.g. 1,3]
 */

const ROUNDS = Number(process.argv[2] ?? 3);
const SECONDS = Number(process.argv[3] ?? 3);
const PARTITIONS = (process.argv[4] ?? "1").split(",").map(Number);

const conversations = Array.from({ length: 60 }, () => randomUUID());
const messageIn = (index: number) =>
  message(conversations[index % conversations.length] ?? "", { content: "Olá, tudo bem?" });
const single = conversations.map((_, index) => JSON.stringify(messageIn(index)));
const arrays = [JSON.stringify(Array.from({ length: 50 }, (_, index) => messageIn(index)))];
const LOADS = [
  { name: "one sender, one event at a time", connections: 1, events: 1, bodies: single },
  { name: "64 senders, one event at a time", connections: 64, events: 1, bodies: single },
  { name: "16 senders, arrays of 50", connections: 16, events: 50, bodies: arrays },
];
type Load = (typeof LOADS)[number];

type Sample = {
  perSecond: number;
  p50: number;
  p99: number;
  flushMs: number;
  flushes: number;
  ingestMicros: number;
  redisMicros: number;
  failed: number;
};

const dataDir = await mkdtemp(join(tmpdir(), "fio-bench-"));

async function start(partitions: number) {
  const server = await startRedis({ args: ["--maxmemory", "2gb"] });
  const redis = new Redis(server.url);
  const ingest = await serviceProcess({
    service: "ingest",
    name: `ingest-${partitions}`,
    dataDir,
    env: {
      REDIS_URL: server.url,
      QUEUE_PARTITIONS: String(partitions),
      MAX_BACKLOG: "100000000",
      LOG_LEVEL: "warn",
    },
  });
  await ingest.start();

  /** Flushes and their seconds, and the seconds of processor time so far. */
  const totals = async () => {
    const text = await (await fetch(`${ingest.url}/metrics`)).text();
    const cpu = await redis.info("cpu");
    const ofIngest = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
    const ofRedis = (name: string): number => Number(new RegExp(`^${name}:(\\S+)`, "m").exec(cpu)?.[1]);
    return {
      count: ofIngest("fio_ingest_flush_seconds_count"),
      sum: ofIngest("fio_ingest_flush_seconds_sum"),
      ingest: ofIngest("process_cpu_seconds_total"),
      redis: ofRedis("used_cpu_user") + ofRedis("used_cpu_sys"),
    };
  };

  const measure = async ({ connections, events, bodies }: Load): Promise<Sample> => {
    // What tells how conversations are divided stays, or the first flushes would be for that.
    const kept = ["{fio}", "{fio-*}"].map((tag) => redis.keys(`${tag}:events:*`));
    for (const keys of await Promise.all(kept)) if (keys.length > 0) await redis.unlink(keys);
    const before = await totals();
    const result = await autocannon({
      url: `${ingest.url}/webhook/`,
      headers: { "content-type": "application/json" },
      requests: bodies.map((body) => ({ method: "POST", body })),
      connections,
      duration: SECONDS,
    });
    const after = await totals();
    const flushes = after.count - before.count;
    const accepted = (result.requests.total - result.non2xx) * events;
    return {
      perSecond: accepted / result.duration,
      p50: result.latency.p50,
      p99: result.latency.p99,
      flushMs: ((after.sum - before.sum) / flushes) * 1_000,
      flushes: flushes / result.duration,
      ingestMicros: ((after.ingest - before.ingest) / accepted) * 1_000_000,
      redisMicros: ((after.redis - before.redis) / accepted) * 1_000_000,
      failed: result.non2xx + result.errors + result.timeouts,
    };
  };
  return {
    partitions,
    measure,
    stop: async () => {
      await ingest.stop();
      redis.disconnect();
      await server.remove();
    },
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const measured: Array<Awaited<ReturnType<typeof start>>> = [];
try {
  for (const partitions of PARTITIONS) measured.push(await start(partitions));
  for (const load of LOADS) {
    const samples = measured.map(() => [] as Sample[]);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [index, one] of measured.entries()) samples[index]?.push(await one.measure(load));
    }
    for (const [index, { partitions }] of measured.entries()) {
      const of = (field: keyof Sample, digits = 0): string =>
        median((samples[index] ?? []).map((sample) => sample[field])).toFixed(digits);
      console.log(
        [
          `${load.name}${PARTITIONS.length === 1 ? "" : `, ${partitions} partitions`}`.padEnd(48),
          `${of("perSecond")} events/s`,
          `p50 ${of("p50", 1)} ms, p99 ${of("p99", 1)} ms`,
          `a flush ${of("flushMs", 2)} ms, ${of("flushes")} flushes/s`,
          `an event ${of("ingestMicros")} µs of ingest, ${of("redisMicros")} µs of Redis`,
          `${of("failed")} failed`,
        ].join("; "),
      );
    }
  }
} finally {
  for (const one of measured) await one.stop();
  await rm(dataDir, { recursive: true, force: true });
}
