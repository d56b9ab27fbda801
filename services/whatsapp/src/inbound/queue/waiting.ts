import { Gauge, type Registry } from "prom-client";
import { queueKey } from "./queue-key.ts";
import type { Redis } from "ioredis";

/** As many jobs of each state are looked at: those that wait longest. */
const LOOKED_AT = 50;

type Waiting = { people: number; oldestMs: number };

/** Who has something that is on disk and no event yet. What was put off, since its message is not known, does not count. */
async function readWaiting(redis: Redis, now: number): Promise<Waiting> {
  const [wait, active, delayed] = await Promise.all([
    redis.lrange(queueKey("wait"), -LOOKED_AT, -1),
    redis.lrange(queueKey("active"), -LOOKED_AT, -1),
    redis.zrange(queueKey("delayed"), "0", String(LOOKED_AT - 1)),
  ]);
  const length = await redis.llen(queueKey("wait"));
  const jobs = await Promise.all(
    [...wait, ...active, ...delayed].map((id) => redis.hmget(queueKey(id), "name", "timestamp")),
  );
  const since = jobs.filter(([name]) => name === "items").map(([, timestamp]) => Number(timestamp));
  return {
    people: since.length + Math.max(0, length - wait.length),
    oldestMs: since.length === 0 ? 0 : Math.max(0, now - Math.min(...since)),
  };
}

/** Read from Redis at each scrape; without values while it does not answer. */
export function exportWaiting({
  registry,
  redis,
  now,
}: {
  registry: Registry;
  redis: Redis;
  now: () => number;
}): void {
  const registers = [registry];
  const people = new Gauge({
    name: "fio_whatsapp_waiting_people",
    help: "People of whom a webhook is on disk and not all of it an event yet.",
    registers,
    collect: async () => {
      const waiting = await readWaiting(redis, now()).catch(() => null);
      for (const gauge of [people, oldest]) gauge.remove();
      if (waiting === null) return;
      people.set(waiting.people);
      oldest.set(waiting.oldestMs / 1_000);
    },
  });
  const oldest = new Gauge({
    name: "fio_whatsapp_oldest_seconds",
    help: "How long ago the first of them began to wait; 0 when nobody does.",
    registers,
  });
}
