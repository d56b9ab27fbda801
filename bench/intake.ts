import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { Redis } from "ioredis";
import { descendants } from "../test/support/process-tree.ts";
import { message } from "../test/support/events.ts";
import { startRedis } from "../test/support/redis-server.ts";
import { serviceProcess, type ServiceProcess } from "../test/support/service-process.ts";

/*
 * What taking an event costs: ingest with `appendfsync always` and no worker, beside a stock Express 5 with zod that
 * keeps nothing, and beside ingest of another working tree (`--beside`, e.g. a `git worktree` of main with its
 * dependencies). They take turns, round by round, so that other load on the machine affects all.
 *
 *   node bench/intake.ts [--beside PATH]... [--processes 1]... [--per-request] [--rounds 5] [--seconds 4]
 *     [--connections 64]
 *
 * Each `--processes` is one more run of this tree, with so many processes behind its port. `--per-request` is one more
 * without micro-batches: a job for every request, as soon as it comes.
 *
 * Prints medians with minimum and maximum, and the medians of each round's ratio to the first tree that is named, else
 * to Express.
 */

const { values: options } = parseArgs({
  options: {
    processes: { type: "string", multiple: true, default: ["1"] },
    beside: { type: "string", multiple: true, default: [] },
    "per-request": { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "4" },
    connections: { type: "string", default: "64" },
  },
});
const [rounds, seconds, connections] = [options.rounds, options.seconds, options.connections].map(Number) as [
  number,
  number,
  number,
];
const body = JSON.stringify(message("6a41b347-8d80-4ce9-84ba-7af66f369f6a", { content: "Olá, tudo bem?" }));

/** `ownUs`, `redisUs`: microseconds of processor time for an event. */
type Sample = { perSecond: number; p50: number; p99: number; ownUs: number; redisUs: number; failed: number };

const dataDir = await mkdtemp(join(tmpdir(), "fio-bench-"));
const server = await startRedis({ args: ["--maxmemory", "2gb"] });
const redis = new Redis(server.url);

/** Seconds of processor time that a process and those below it have used, as Linux counts. */
function cpuSeconds(pid: number | undefined): number {
  if (pid === undefined || process.platform !== "linux") return NaN;
  return [pid, ...descendants(pid)].reduce((sum, one) => {
    const fields = readFileSync(`/proc/${one}/stat`, "utf8").split(" ");
    return sum + (Number(fields[13]) + Number(fields[14])) / 100;
  }, 0);
}

async function redisPid(): Promise<number> {
  return Number(/^process_id:(\d+)/m.exec(await redis.info("server"))?.[1]);
}

async function measure(service: ServiceProcess, duration: number): Promise<Sample> {
  await redis.flushall();
  const pid = await redisPid();
  const [own, redisOwn] = [cpuSeconds(service.pid()), cpuSeconds(pid)];
  const result = await autocannon({
    url: `${service.url}/webhook/`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    connections,
    duration,
  });
  const taken = result.requests.total - result.non2xx;
  return {
    perSecond: taken / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    ownUs: ((cpuSeconds(service.pid()) - own) / taken) * 1e6,
    redisUs: ((cpuSeconds(pid) - redisOwn) / taken) * 1e6,
    failed: result.non2xx + result.errors + result.timeouts,
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const main = "services/ingest/src/main.ts";
const inLib = (file: string): string => new URL(`lib/${file}`, import.meta.url).pathname;
const entries = [
  {
    name: "Express 5 and zod",
    entry: inLib("express-zod.ts"),
    processes: "1",
  },
  ...options.beside.map((tree) => ({ name: tree, entry: resolve(tree, main), processes: "1" })),
  ...options.processes.map((processes) => ({
    name: processes === "1" ? "this tree" : `this tree, ${processes} processes`,
    entry: resolve(main),
    processes,
  })),
  ...(options["per-request"]
    ? [{ name: "this tree, a job for every request", entry: inLib("ingest-per-request.ts"), processes: "1" }]
    : []),
];
const services: Array<{ name: string; service: ServiceProcess; samples: Sample[] }> = [];
try {
  const env = { REDIS_URL: server.url, MAX_BACKLOG: "100000000", LOG_LEVEL: "warn" };
  for (const [index, { name, entry, processes }] of entries.entries()) {
    const service = await serviceProcess({
      ...{ service: "ingest", name: `intake-${index}`, dataDir, entry },
      env: { ...env, INGEST_PROCESSES: processes },
    });
    await service.start();
    services.push({ name, service, samples: [] });
  }
  // Compiles what is used.
  for (const { service } of services) await measure(service, 2);
  for (let round = 0; round < rounds; round += 1) {
    for (const { service, samples } of services) samples.push(await measure(service, seconds));
  }
  const against = services[options.beside.length > 0 ? 1 : 0];
  console.log(
    `${cpus().length} cores, shared by the service, Redis (appendfsync always) and the load; ${connections} connections`,
  );
  for (const { name, samples } of services) {
    const of = (field: keyof Sample, digits = 0): string => {
      const all = samples.map((sample) => sample[field]);
      return `${median(all).toFixed(digits)} (${Math.min(...all).toFixed(digits)} to ${Math.max(...all).toFixed(digits)})`;
    };
    const ratio = (field: "perSecond" | "ownUs" | "redisUs"): string =>
      median(
        samples.map((sample, round) => sample[field] / (against?.samples[round]?.[field] ?? NaN)),
      ).toFixed(2);
    console.log(
      [
        `${name}\n   ${of("perSecond")} events/s, ${ratio("perSecond")} x`,
        `${of("ownUs")} µs of its own CPU an event, ${ratio("ownUs")} x`,
        `Redis ${of("redisUs")} µs, ${ratio("redisUs")} x`,
        `p50 ${of("p50")} ms, p99 ${of("p99")} ms`,
        `${samples.reduce((sum, { failed }) => sum + failed, 0)} failed`,
      ].join("\n   "),
    );
  }
} finally {
  for (const { service } of services) await service.stop();
  redis.disconnect();
  await server.remove();
  await rm(dataDir, { recursive: true, force: true });
}
