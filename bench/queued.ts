import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { startRedis } from "../test/support/redis-server.ts";
import { createEnqueue } from "../services/ingest/src/enqueue.ts";
import type { PostedEvent } from "@fio/contracts";
import { message } from "../test/support/events.ts";
import { say } from "./support/figures.ts";

/*
 * What events that wait take of Redis' memory, beside their own bytes: by how many come in one flush, and how long their
 * text is. `used_memory` before and after, with the append-only file on.
 *
 *   node bench/queued.ts [events]
 */

const EVENTS = Number(process.argv[2] ?? 20_000);
const IN_A_FLUSH = [1, 8, 64, 500];
const LONG = "Gostaria de saber o prazo de entrega do meu pedido, por favor. Obrigado. ";
const TEXTS = { short: "Olá, tudo bem?", ordinary: LONG, long: LONG.repeat(10) };

async function measure(inAFlush: number, content: string): Promise<{ own: number; taken: number }> {
  const server = await startRedis({ args: ["--maxmemory", "4gb"] });
  const redis = new Redis(server.url);
  try {
    const enqueue = createEnqueue({ redis, acknowledged: () => Promise.resolve() });
    const eventOf = (): PostedEvent => message(randomUUID(), { content }) as PostedEvent;
    for (let warm = 0; warm < 50; warm += 1) await enqueue([{ event: eventOf() }]);
    const used = async (): Promise<number> =>
      Number(/^used_memory_dataset:(\d+)/m.exec(await redis.info("memory"))?.[1]);
    const before = await used();
    let own = 0;
    for (let sent = 0; sent < EVENTS; sent += inAFlush) {
      const events = Array.from({ length: inAFlush }, eventOf);
      for (const event of events) own += Buffer.byteLength(JSON.stringify(event));
      await enqueue(events.map((event) => ({ event })));
    }
    // Buffers of the file and of the connection are written and given back.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return { own, taken: (await used()) - before };
  } finally {
    redis.disconnect();
    await server.remove();
  }
}

say(`${EVENTS.toLocaleString("en")} messages wait, each of a conversation of its own`);
const table: Record<string, Record<string, string>> = {};
for (const [name, content] of Object.entries(TEXTS)) {
  for (const inAFlush of IN_A_FLUSH) {
    const { own, taken } = await measure(inAFlush, content);
    const row = `${name}, ${Math.round(own / EVENTS)} bytes`;
    table[row] = {
      ...table[row],
      [`${inAFlush} in a flush`]: `${Math.round(taken / EVENTS)} bytes, ${(taken / own).toFixed(2)} ×`,
    };
  }
}
console.table(table);
