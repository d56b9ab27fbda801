import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import { receiptOf, timestampOf, type WebhookEvent } from "@fio/contracts";
import { readQueue, unapplied } from "@fio/service/queue";
import { applyBatch } from "../services/conversations/src/store/apply.ts";
import { openStore } from "../services/conversations/src/store/connect.ts";
import { migrate } from "../services/conversations/src/store/migrate.ts";
import { SIDE_WRITES } from "../services/conversations/src/store/testing/fixture.ts";
import { createEnqueue } from "../services/ingest/src/enqueue.ts";
import { startRedis } from "../test/support/redis-server.ts";
import { serviceProcess } from "../test/support/service-process.ts";
import { until } from "../test/support/until.ts";
import { followStream } from "./lib/follow-stream.ts";
import { forEachKind } from "./support/databases.ts";
import { beside, quantile, say, sayMachine, spread } from "./support/figures.ts";

/*
 * After an outage: a worker comes back to a backlog of messages, and meanwhile new ones are posted to conversations
 * that the store knows, at a steady rate. From the post of each until a client of the live stream has it, and how
 * fast the backlog drains with them and without.
 *
 *   node bench/backlog.ts [--events 500000] [--rate 50] [--only sqlite|postgres]
 *
 * Redis writes each flush to its disk, and so does Postgres. All parts and this sender share the machine. Each
 * database is measured twice, first without new messages.
 */

const { values: options } = parseArgs({
  options: {
    events: { type: "string", default: "500000" },
    rate: { type: "string", default: "50" },
    only: { type: "string" },
  },
});
const [EVENTS, RATE] = [Number(options.events), Number(options.rate)];
const CONVERSATIONS = 1_000;
/** Conversations that the client of the live stream follows, and that are written to meanwhile. */
const FOLLOWED = 10;
const JOB = 500;
const LIMIT_MS = 15 * 60_000;

const ids = Array.from({ length: CONVERSATIONS }, () => randomUUID());
const messageOf = (conversation: string, id: string = randomUUID()): WebhookEvent => ({
  type: "NEW_MESSAGE",
  timestamp: timestampOf(Date.now()),
  data: { id, direction: "RECEIVED", content: "Gostaria de saber o prazo.", conversation_id: conversation },
});

async function fillStore(url: string): Promise<void> {
  const store = openStore(url);
  await migrate(store);
  const now = Date.now();
  const events = ids.map((id, index) => ({
    receipt: receiptOf(now * 1_000 - 1_000_000 + index),
    event: { type: "NEW_CONVERSATION" as const, timestamp: timestampOf(now), data: { id } },
  }));
  await applyBatch(store, { ...SIDE_WRITES, events });
  await store.close();
}

/** Posts `rate` messages a second until told to stop; when each was posted. */
async function writeFresh(url: string, ended: AbortSignal): Promise<Map<string, number>> {
  const sent = new Map<string, number>();
  const answers: Promise<unknown>[] = [];
  const began = performance.now();
  for (let index = 0; !ended.aborted; index += 1) {
    await sleep(Math.max(0, began + (index * 1_000) / RATE - performance.now()));
    const event = messageOf(ids[index % FOLLOWED] ?? "");
    const id = "id" in event.data ? event.data.id : "";
    sent.set(id, performance.now());
    answers.push(
      fetch(`${url}/webhook/`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...event, timestamp: event.timestamp.replace("Z", "") }),
      }).then(async (answer) => {
        await answer.body?.cancel();
        if (answer.status !== 202) throw new Error(`not accepted: ${answer.status}`);
      }),
    );
  }
  await Promise.all(answers);
  return sent;
}

/** Events of the backlog a second, and milliseconds from post to stream while it drained. */
async function drain(databaseUrl: string, withFresh: boolean): Promise<{ rate: number; times: number[] }> {
  const dataDir = await mkdtemp(join(tmpdir(), "fio-bench-"));
  const server = await startRedis({ args: ["--maxmemory", "4gb"] });
  const redis = new Redis(server.url);
  const env = {
    REDIS_URL: server.url,
    DATABASE_URL: databaseUrl,
    MAX_BACKLOG: "100000000",
    LOG_LEVEL: "warn",
  };
  const service = (name: "ingest" | "conversations", role: string, as: string = name) =>
    serviceProcess({ service: name, name: as, dataDir, env: { ...env, ROLE: role } });
  const ingest = await service("ingest", "all");
  const api = await service("conversations", "api", "api");
  const worker = await service("conversations", "worker", "worker");
  const ended = new AbortController();
  try {
    await fillStore(databaseUrl);
    const enqueue = createEnqueue({ redis, acknowledged: () => Promise.resolve() });
    for (let index = 0; index < EVENTS; index += JOB) {
      const events = Array.from({ length: Math.min(JOB, EVENTS - index) }, (_, offset) =>
        messageOf(ids[FOLLOWED + ((index + offset) % (CONVERSATIONS - FOLLOWED))] ?? ""),
      );
      await enqueue(events.map((event) => ({ event })));
    }
    await sleep(1_500);
    await Promise.all([ingest.start(), api.start()]);
    const heard = await followStream(api.url, {
      conversations: ids.slice(0, FOLLOWED),
      signal: ended.signal,
    });
    const waiting = unapplied((await readQueue(redis)).events);
    await worker.start();
    const began = performance.now();
    const stop = new AbortController();
    const fresh = withFresh ? writeFresh(ingest.url, stop.signal) : null;
    // Only what is posted while the backlog is there counts.
    await until(async () => ((await readQueue(redis)).oldestMs ?? 0) < 1_500, {
      what: "the backlog is drained",
      limitMs: LIMIT_MS,
      everyMs: 200,
    });
    const seconds = (performance.now() - began) / 1_000;
    stop.abort();
    const sent = (await fresh) ?? new Map<string, number>();
    await until(() => [...sent.keys()].every((id) => heard.has(id)), {
      what: "all new messages are in the stream",
      limitMs: 60_000,
    });
    const times = [...sent].map(([id, at]) => (heard.get(id) ?? NaN) - at);
    return { rate: waiting / seconds, times };
  } finally {
    ended.abort();
    await Promise.all([ingest.stop(), api.stop(), worker.stop()]);
    redis.disconnect();
    await server.remove();
    await rm(dataDir, { recursive: true, force: true });
  }
}

sayMachine();
say(`${EVENTS.toLocaleString("en")} messages wait; ${RATE} new ones a second`);
await forEachKind(["sqlite", "postgres"], options.only, async (kind, urlOf) => {
  const alone = await drain(await urlOf("alone"), false);
  const beset = await drain(await urlOf("beset"), true);
  say(
    `${kind}: drained at ${alone.rate.toFixed(0)} events/s alone, ${beset.rate.toFixed(0)} with new messages`,
  );
  say(`  post to stream: ${spread(beset.times)}`);
  if (!beside("  the slowest new message", quantile(beset.times, 1) / 1_000, 2, "s")) process.exitCode = 1;
});
