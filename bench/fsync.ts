import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { timestampOf } from "@fio/contracts";
import { post } from "../test/faults/load/post.ts";
import { backlog } from "../test/faults/rig/redis.ts";
import { startPostgres } from "../test/support/postgres-server.ts";
import { startSystem } from "../test/support/system.ts";
import { until } from "../test/support/until.ts";
import { fdatasyncMs } from "./measure/machine.ts";
import { quantile } from "./support/figures.ts";

/*
 * What `appendfsync always` costs beside `everysec`, in the whole system: ingest, Redis, a worker and Postgres on one
 * machine. The two take turns on the same servers, so that other load on the machine affects both.
 */

const POLICIES = ["always", "everysec"] as const;
type Policy = (typeof POLICIES)[number];

const ROUNDS = Number(process.argv[2] ?? 7);
const SECONDS = 6;
const SHAPES = [
  { name: "one sender, one event at a time", connections: 1, events: 1 },
  { name: "64 senders, one event at a time", connections: 64, events: 1 },
  { name: "16 senders, arrays of 50", connections: 16, events: 50 },
];

type Sample = { perSecond: number; p50: number; p99: number };

const median = (values: readonly number[]): number => quantile(values, 0.5);

function messages(count: number): string {
  const conversation_id = randomUUID();
  const timestamp = timestampOf(Date.now());
  const events = Array.from({ length: count }, (_, index) => ({
    type: index === 0 ? "NEW_CONVERSATION" : "NEW_MESSAGE",
    timestamp,
    data:
      index === 0
        ? { id: conversation_id }
        : { id: randomUUID(), direction: "RECEIVED", content: "Olá, tudo bem?", conversation_id },
  }));
  return JSON.stringify(count === 1 ? events[0] : events);
}

async function measure(ingestUrl: string, connections: number, events: number): Promise<Sample> {
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + SECONDS * 1_000;
  const send = async (): Promise<void> => {
    while (performance.now() < end) {
      const body = messages(events);
      const sentAt = performance.now();
      const posted = await post(ingestUrl, body, 10_000);
      if (posted === null || posted === "never sent" || posted.status !== 202) {
        throw new Error(`not accepted: ${JSON.stringify(posted)}`);
      }
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: connections }, send));
  const seconds = (performance.now() - started) / 1_000;
  return {
    perSecond: (latencies.length * events) / seconds,
    p50: median(latencies),
    p99: quantile(latencies, 0.99),
  };
}

const postgres = await startPostgres();
const databaseUrl = await postgres.createDatabase("fio");
const system = await startSystem({ roles: ["worker"], databaseUrl, env: { LOG_LEVEL: "warn" } });
const redis = new Redis(system.redis.url);
try {
  process.stdout.write(`fdatasync of 4 KiB: median ${fdatasyncMs().toFixed(2)} ms\n`);
  const samples = SHAPES.map(() => ({ always: [] as Sample[], everysec: [] as Sample[] }));
  const once = async (policy: Policy, shape: number): Promise<Sample> => {
    const { connections, events } = SHAPES[shape] as (typeof SHAPES)[number];
    await redis.config("SET", "appendfsync", policy);
    const sample = await measure(system.ingestUrl, connections, events);
    await until(() => backlog(redis).then((jobs) => jobs === 0), { what: "drained", limitMs: 120_000 });
    return sample;
  };
  for (const shape of SHAPES.keys()) await once("always", shape);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [shape, taken] of samples.entries()) {
      for (const policy of round % 2 === 0 ? POLICIES : POLICIES.toReversed()) {
        taken[policy].push(await once(policy, shape));
      }
    }
  }
  process.stdout.write(
    "| | always, events/s | everysec, events/s | ratio | always p50 / p99 ms | everysec p50 / p99 ms |\n| --- | --- | --- | --- | --- | --- |\n",
  );
  for (const [shape, taken] of samples.entries()) {
    const of = (policy: Policy, value: keyof Sample): number =>
      median(taken[policy].map((sample) => sample[value]));
    const ratio = median(
      taken.always.map(({ perSecond }, round) => perSecond / (taken.everysec[round]?.perSecond ?? NaN)),
    );
    const times = (policy: Policy): string =>
      `${of(policy, "p50").toFixed(1)} / ${of(policy, "p99").toFixed(1)}`;
    process.stdout.write(
      `| ${SHAPES[shape]?.name ?? ""} | ${of("always", "perSecond").toFixed(0)} | ${of("everysec", "perSecond").toFixed(0)} | ${ratio.toFixed(2)} | ${times("always")} | ${times("everysec")} |\n`,
    );
  }
} finally {
  redis.disconnect();
  await system.remove();
  await postgres.remove();
}
process.exit(0);
