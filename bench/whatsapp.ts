import { Agent, request } from "node:http";
import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { serviceProcess } from "../test/support/service-process.ts";
import { startSystem } from "../test/support/system.ts";
import { APP_SECRET, received } from "../services/whatsapp/src/testing/meta.ts";
import { beside, quantile, say, sayMachine, spread } from "./support/figures.ts";

/*
 * How long Meta waits for its 200, which comes once a webhook is on Redis' disk: signed webhooks of one message each, at a
 * steady rate whatever the answers do, from 5,000 customers, to a service that runs beside all of Fio and makes events of
 * them meanwhile. Ends with 1 when an answer is not 200, or the issue's figures are missed.
 *
 *   node bench/whatsapp.ts [webhooks a second, 1000] [seconds, 10] [alone]
 *
 * `alone`: without the rest of Fio, so that what is taken stays on disk.
 */

const RATE = Number(process.argv[2] ?? 1_000);
const SECONDS = Number(process.argv[3] ?? 10);
const ALONE = process.argv[4] === "alone";
const CUSTOMERS = 5_000;
const TARGET = { p50: 250, p99: 1_000 };
const EVERY_MS = 5;
/** How long is waited for the last of them to become events. */
const DRAIN_SECONDS = 30;

sayMachine();
const system = await startSystem();
if (ALONE) await Promise.all(system.processes.map((one) => one.kill()));
const whatsapp = await serviceProcess({
  service: "whatsapp",
  dataDir: system.dataDir,
  env: {
    REDIS_URL: system.redis.url,
    WHATSAPP_APP_SECRETS: APP_SECRET,
    INGEST_URL: system.ingestUrl,
    API_URL: system.apiUrl,
    LOG_LEVEL: "warn",
  },
});
await whatsapp.start();

const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const times: number[] = [];
const statuses = new Map<number, number>();

function send(index: number): Promise<void> {
  const customer = index % CUSTOMERS;
  const from = { phone: `55119${String(10_000_000 + customer)}`, name: `Cliente ${customer}` };
  const body = JSON.stringify(received(`bench ${index}`, { from, text: `mensagem ${index}` }));
  const signature = createHmac("sha256", APP_SECRET).update(body).digest("hex");
  const began = performance.now();
  return new Promise((resolve) => {
    const end = (status: number): void => {
      times.push(performance.now() - began);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      resolve();
    };
    const sent = request(`${whatsapp.url}/whatsapp/meta`, {
      method: "POST",
      agent,
      headers: {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(body),
        "X-Hub-Signature-256": `sha256=${signature}`,
      },
    });
    sent.on("response", (response) => {
      response.resume();
      response.on("end", () => end(response.statusCode ?? 0));
    });
    sent.on("error", () => end(0));
    sent.end(body);
  });
}

const open: Array<Promise<void>> = [];
const started = performance.now();
for (let index = 0; index < RATE * SECONDS;) {
  const due = Math.min(RATE * SECONDS, Math.floor(((performance.now() - started) / 1_000) * RATE));
  for (; index < due; index += 1) open.push(send(index));
  await sleep(EVERY_MS);
}
await Promise.all(open);
const took = (performance.now() - started) / 1_000;
agent.destroy();

say(`${times.length} webhooks at ${(times.length / took).toFixed(0)} a second: ${spread(times)}`);
for (const [status, count] of statuses) say(`${count} answers ${status === 0 ? "failed" : status}`);
if (!ALONE) {
  const redis = new Redis(system.redis.url);
  const left = async (): Promise<number> => (await redis.keys("{fio}:whatsapp-items:*")).length;
  const limit = performance.now() + DRAIN_SECONDS * 1_000;
  while ((await left()) > 0 && performance.now() < limit) await sleep(100);
  const applied = (performance.now() - started) / 1_000;
  const rest = await left();
  say(
    rest === 0
      ? `all of them were events ${applied.toFixed(1)} s after the first, ${(times.length / applied).toFixed(0)} a second`
      : `${rest} customers still wait ${applied.toFixed(1)} s after the first`,
  );
  redis.disconnect();
}
const met = [
  beside("p50 of the 200", quantile(times, 0.5), TARGET.p50, "ms"),
  beside("p99 of the 200", quantile(times, 0.99), TARGET.p99, "ms"),
  statuses.size === 1 && statuses.has(200),
];
await whatsapp.stop();
await system.remove();
process.exit(met.every(Boolean) ? 0 : 1);
