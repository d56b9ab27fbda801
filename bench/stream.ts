import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Redis } from "ioredis";
import {
  CHANGES_FIELD,
  CHANGES_KEY,
  CHANGES_KEPT,
  receiptOf,
  timestampOf,
  type Change,
} from "@fio/contracts";
import { startRedis } from "../test/support/redis-server.ts";
import { serviceProcess } from "../test/support/service-process.ts";
import { until } from "../test/support/until.ts";
import { quantile } from "./support/figures.ts";
import type { ClientsJob, ClientsReport } from "./lib/stream-clients.ts";

/*
 * The live stream of one api process: 300 clients at 500 events a second, each event an entry of its own (a worker
 * under load puts many into one). No client that reads may be cut off, and memory in use must stay flat. It reaches its
 * level in the first seconds: the latest changes are kept there for clients that come back.
 *
 *   node bench/stream.ts [seconds] [clients] [events a second] [conversations]
 *
 * With 3000 events a second over 100000 conversations more rows change than are told one by one: nobody may be reset for that,
 * and messages may not come later.
 */

const [SECONDS = 30, CLIENTS = 300, RATE = 500, CONVERSATIONS = 1_000] = process.argv.slice(2).map(Number);
const ids = Array.from({ length: CONVERSATIONS }, () => randomUUID());
const versions = new Map<string, number>();

const dataDir = await mkdtemp(join(tmpdir(), "fio-bench-"));
const server = await startRedis();
const redis = new Redis(server.url);
const api = await serviceProcess({
  service: "conversations",
  name: "api",
  dataDir,
  env: {
    NODE_OPTIONS: `--import ${new URL("lib/collect-on-signal.mjs", import.meta.url).href}`,
    LOG_LEVEL: "warn",
    ROLE: "api",
    REDIS_URL: server.url,
    DATABASE_URL: `sqlite:${join(dataDir, "fio.db")}`,
  },
});

function changesOf(id: string): Change[] {
  const version = (versions.get(id) ?? 0) + 1;
  versions.set(id, version);
  const now = performance.timeOrigin + performance.now();
  const timestamp = timestampOf(Math.floor(now));
  const content = `Olá, o meu pedido ainda não chegou; sent at ${now.toFixed(3)}`;
  const receipt = receiptOf(Math.floor(now * 1_000));
  const row = {
    id,
    state: "OPEN" as const,
    created_at: timestamp,
    closed_at: null,
    version,
    message_count: version,
    activity_at: timestamp,
    last_message_at: timestamp,
    last_message_preview: content,
    last_message_direction: "RECEIVED" as const,
    waiting_since: timestamp,
    last_received_receipt: receipt,
  };
  const message = { id: randomUUID(), direction: "RECEIVED" as const, content, timestamp, receipt };
  return [
    { event: "conversation", conversation: row },
    { event: "message", conversation_id: id, version, message },
  ];
}

/** Evenly, in steps of a few milliseconds, without waiting for a slow Redis. */
async function announce(seconds: number): Promise<number> {
  const start = performance.now();
  let sent = 0;
  while (performance.now() - start < seconds * 1_000) {
    const due = Math.floor(((performance.now() - start) / 1_000) * RATE);
    for (; sent < due; sent += 1) {
      const id = ids[Math.floor(Math.random() * CONVERSATIONS)] ?? "";
      redis
        .xadd(CHANGES_KEY, "MAXLEN", "~", CHANGES_KEPT, "*", CHANGES_FIELD, JSON.stringify(changesOf(id)))
        .catch((error: unknown) => console.error(error));
    }
    await sleep(2);
  }
  return sent;
}

const statusOf = (pid: number | undefined): { rss: number; cpu: number } => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
  return {
    rss: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
    cpu: (Number(fields[13]) + Number(fields[14])) / 100,
  };
};
const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${api.url}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, "m").exec(text)?.[1] ?? 0);
};
/**
 * In MB, half a second later. V8 collects garbage at its own time: live memory is only visible after a forced
 * collection.
 */
async function liveHeap(): Promise<number> {
  process.kill(api.pid() ?? NaN, "SIGUSR2");
  await sleep(500);
  return (await metric("nodejs_heap_size_used_bytes")) / 1e6;
}
const rounded = (samples: number[]): string => samples.map((one) => one.toFixed(0)).join(" / ");

try {
  await api.start();
  // Every third of them hears the same conversations as others, as agents who work on one do.
  const follows = Array.from({ length: CLIENTS }, (_, index) => [
    ids[index % CONVERSATIONS] ?? "",
    ids[Math.floor(index / 3)] ?? "",
  ]);
  const workerData: ClientsJob = { url: api.url, follows };
  const worker = new Worker(new URL("lib/stream-clients.ts", import.meta.url), { workerData });
  const report = async (): Promise<ClientsReport> => {
    worker.postMessage("report");
    return ((await once(worker, "message")) as [ClientsReport])[0];
  };
  await until(async () => (await metric("fio_stream_clients")) === CLIENTS, { what: "all are connected" });
  await announce(3);
  await report();

  const before = statusOf(api.pid());
  const heap = [await liveHeap()];
  const memory = [before.rss];
  let sent = 0;
  for (let third = 0; third < 3; third += 1) {
    sent += await announce(SECONDS / 3);
    memory.push(statusOf(api.pid()).rss);
    heap.push(await liveHeap());
  }
  const { open, ended, messages, rows, bytes, latencies } = await report();
  const cpu = (statusOf(api.pid()).cpu - before.cpu) / SECONDS;
  const latency = [0.5, 0.99, 1].map((at) => quantile(latencies, at).toFixed(1)).join(" / ");
  console.table({
    machine: `${cpus().length} × ${cpus()[0]?.model ?? ""}`,
    "clients open / ended": `${open} / ${ended}`,
    "cut off": await metric("fio_stream_cut_offs_total"),
    reset: await metric("fio_stream_resets_total"),
    "told that rows are left out": await metric("fio_stream_skips_total"),
    "events a second": (sent / SECONDS).toFixed(0),
    "frames a second": ((messages + rows) / SECONDS).toFixed(0),
    "MB a second": (bytes / SECONDS / 1e6).toFixed(1),
    "announce to received, p50 / p99 / max ms": latency,
    "messages measured": latencies.length,
    "api cores": cpu.toFixed(2),
    "api live heap, MB, at the start and after each third": rounded(heap),
    "api resident memory, MB, likewise": rounded(memory),
  });
  await worker.terminate();
} finally {
  redis.disconnect();
  await api.kill();
  await server.remove();
  await rm(dataDir, { recursive: true, force: true });
}
