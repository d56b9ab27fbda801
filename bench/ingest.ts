import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import autocannon from "autocannon";
import { Redis } from "ioredis";
import { message } from "../test/support/events.ts";
import { startRedis } from "../test/support/redis-server.ts";
import { serviceProcess, type ServiceProcess } from "../test/support/service-process.ts";

/*
 * What micro-batches gain: ingest compared with one BullMQ job for each request, on the same Redis with
 * `appendfsync always`. The two take turns, so that other load on the machine affects both. No worker runs: this
 * measures intake alone, and all events are equal, since nothing looks at them.
 *
 *   node bench/ingest.ts [rounds]
 */

const ROUNDS = Number(process.argv[2] ?? 5);
const SECONDS = 4;
const CONNECTIONS = 256;
const conversation = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";
const one = JSON.stringify(message(conversation));
const hundred = JSON.stringify(Array.from({ length: 100 }, () => message(conversation)));

/** `cpu` and `redisCpu` in cores; `perCore` is what ingest would accept with a core of its own. */
type Sample = {
  perSecond: number;
  perCore: number;
  p50: number;
  p99: number;
  failed: number;
  cpu: number;
  redisCpu: number;
  jobs: number;
};

const dataDir = await mkdtemp(join(tmpdir(), "fio-bench-"));
const server = await startRedis({ args: ["--maxmemory", "1gb"] });
const redis = new Redis(server.url);

/** Seconds of processor time that a process has used, as Linux counts. */
function cpuSeconds(pid: number | undefined): number {
  if (pid === undefined || process.platform !== "linux") return NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

async function redisCpuSeconds(): Promise<number> {
  const info = await redis.info("cpu");
  const field = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(info)?.[1]);
  return field("used_cpu_user") + field("used_cpu_sys");
}

async function measure(
  ingest: ServiceProcess,
  {
    body,
    events,
    seconds = SECONDS,
    connections = CONNECTIONS,
  }: { body: string; events: number; seconds?: number; connections?: number },
): Promise<Sample> {
  await redis.flushall();
  const [before, redisBefore] = [cpuSeconds(ingest.pid()), await redisCpuSeconds()];
  const result = await autocannon({
    url: `${ingest.url}/webhook/`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    connections,
    duration: seconds,
  });
  const cpu = cpuSeconds(ingest.pid()) - before;
  const taken = (result.requests.total - result.non2xx) * events;
  return {
    perSecond: taken / result.duration,
    perCore: taken / cpu,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
    cpu: cpu / result.duration,
    redisCpu: ((await redisCpuSeconds()) - redisBefore) / result.duration,
    jobs: await redis.llen("{fio}:events:wait"),
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

function line(name: string, samples: readonly Sample[]): void {
  const of = (field: keyof Sample, digits = 0): string =>
    median(samples.map((sample) => sample[field])).toFixed(digits);
  const failed = samples.reduce((sum, sample) => sum + sample.failed, 0);
  console.log(
    [
      name.padEnd(36),
      `${of("perSecond").padStart(6)} events/s (${samples.map(({ perSecond }) => perSecond.toFixed(0)).join(" ")})`,
      `p50 ${of("p50")} ms, p99 ${of("p99")} ms`,
      `cores: ingest ${of("cpu", 2)}, Redis ${of("redisCpu", 2)}`,
      `${of("perCore")} events per core second of ingest`,
      `${of("jobs")} jobs`,
      `${failed} failed`,
    ].join("; "),
  );
}

try {
  const env = { REDIS_URL: server.url, MAX_BACKLOG: "100000000" };
  const batched = await serviceProcess({ service: "ingest", name: "batched", dataDir, env });
  const single = await serviceProcess({
    service: "ingest",
    name: "single",
    dataDir,
    env,
    entry: new URL("lib/ingest-per-request.ts", import.meta.url).pathname,
  });
  await Promise.all([batched.start(), single.start()]);
  for (const ingest of [batched, single]) await measure(ingest, { body: one, events: 1, seconds: 2 });

  const samples = { batched: [] as Sample[], single: [] as Sample[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    samples.batched.push(await measure(batched, { body: one, events: 1 }));
    samples.single.push(await measure(single, { body: one, events: 1 }));
  }
  const arrays = await measure(batched, { body: hundred, events: 100, connections: 16 });

  console.log(
    `${cpus().length} cores, shared by ingest, Redis (appendfsync always) and the load; ${CONNECTIONS} connections`,
  );
  line("micro-batches, one event a request", samples.batched);
  line("a job per request", samples.single);
  line("micro-batches, arrays of 100", [arrays]);
  const ratio = (field: "perSecond" | "perCore"): string =>
    median(
      samples.batched.map((sample, round) => sample[field] / (samples.single[round]?.[field] ?? NaN)),
    ).toFixed(1);
  console.log(
    `micro-batches take ${ratio("perSecond")} times as many, ${ratio("perCore")} times per core (medians of the rounds' ratios)`,
  );
  await Promise.all([batched.stop(), single.stop()]);
} finally {
  redis.disconnect();
  await server.remove();
  await rm(dataDir, { recursive: true, force: true });
}
