import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { message } from "../test/support/events.ts";
import { pacedSender, type Posts } from "../test/support/paced-sender.ts";
import { startRedis } from "../test/support/redis-server.ts";
import { serviceProcess } from "../test/support/service-process.ts";
import { hubSignature } from "../test/support/sign.ts";
import { stalledSenders } from "../test/support/stalled-senders.ts";
import { say, sayMachine, spread } from "./support/figures.ts";

/*
 * What stalled senders do to one that signs: 128 connections post a body, send all but one byte, and stall; meanwhile
 * a sender posts a small event every 40 ms and an array of 500 kB every 250 ms, signed. Every stalled connection that
 * ingest closes is opened again after 100 ms. Ends with 1 when a small event was refused, or more than one array in
 * twenty.
 *
 *   node bench/door.ts [seconds for each scenario, 15] [name of a scenario, part of it]
 */

const SECONDS = Number(process.argv[2] ?? 15);
const ONLY = process.argv[3] ?? "";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const MIB = 1024 * 1024;
const CONNECTIONS = 128;

const one = ["127.0.0.2"];
const fifty = Array.from({ length: 50 }, (_, index) => `127.0.1.${index + 1}`);
const wrong = (): Record<string, string> => ({
  "webhook-id": randomUUID(),
  "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
  "webhook-signature": `v1,${Buffer.alloc(32, 7).toString("base64")}`,
});
const forwarded = (index: number): Record<string, string> => ({
  ...wrong(),
  "x-forwarded-for": `10.0.0.1, 203.0.113.${(index % 50) + 1}`,
});

type Scenario = {
  name: string;
  addresses: readonly string[];
  headers?: (index: number) => Record<string, string>;
  declared: number;
  trickle?: number;
};
const scenarios: Scenario[] = [
  { name: "unsigned, one address", addresses: one, declared: MIB },
  { name: "unsigned, 50 addresses", addresses: fifty, declared: MIB },
  { name: "wrong signatures, one address", addresses: one, headers: wrong, declared: MIB },
  { name: "wrong signatures, 50 addresses", addresses: fifty, headers: wrong, declared: MIB },
  {
    name: "wrong signatures, 50 addresses behind a trusted proxy",
    addresses: ["127.0.0.1"],
    headers: forwarded,
    declared: MIB,
  },
  {
    name: "wrong signatures, the sender's own address",
    addresses: ["127.0.0.1"],
    headers: wrong,
    declared: MIB,
  },
  {
    name: "wrong signatures, 50 addresses, 5 kB a second each",
    addresses: fifty,
    headers: wrong,
    declared: MIB,
    trickle: 5_000,
  },
  { name: "small bodies, unsigned, one address", addresses: one, declared: 512 },
  { name: "small bodies, wrong signatures, 50 addresses", addresses: fifty, headers: wrong, declared: 512 },
];

const dataDir = await mkdtemp(join(tmpdir(), "fio-door-"));
const server = await startRedis();
const redis = new Redis(server.url);
const ingest = await serviceProcess({
  service: "ingest",
  dataDir,
  env: {
    REDIS_URL: server.url,
    WEBHOOK_SECRETS: SECRET,
    MAX_BACKLOG: "100000000",
    LOG_LEVEL: "warn",
    TRUSTED_PROXIES: "127.0.0.1",
  },
});

const conversation = randomUUID();
const signed = (body: string) => ({ body, headers: hubSignature(body, SECRET) });
const small = () => signed(JSON.stringify(message(conversation)));
const arrayText = JSON.stringify(
  Array.from({ length: 100 }, () => message(conversation, { content: "x".repeat(4_800) })),
);
const array = () => signed(arrayText);

async function residentMiB(): Promise<number> {
  const status = await readFile(`/proc/${ingest.pid()}/status`, "utf8").catch(() => "");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024;
}

const line = (what: string, { accepted, refused, statuses, times }: Posts): string => {
  const others = Object.entries(statuses).filter(([status]) => status !== "202");
  return `  ${what}: ${accepted} accepted, ${refused} refused ${JSON.stringify(Object.fromEntries(others))}, ${spread(times)}`;
};

async function measure({ addresses, headers, declared, trickle = 0 }: Scenario): Promise<boolean> {
  await redis.flushall();
  const sent = declared - 1 - trickle * 25;
  const stalled = stalledSenders({
    url: ingest.url,
    connections: CONNECTIONS,
    ...{ addresses, declared, trickle, sent },
    ...(headers === undefined ? {} : { headers }),
  });
  await sleep(1_500);
  const signal = AbortSignal.timeout(SECONDS * 1_000);
  const [events, arrays] = await Promise.all([
    pacedSender({ url: ingest.url, everyMs: 40, signal, make: small }),
    pacedSender({ url: ingest.url, everyMs: 250, signal, make: array }),
  ]);
  stalled.stop();
  say(line("small events", events));
  say(line("arrays of 500 kB", arrays));
  say(
    `  stalled connections ended: ${stalled.ended()}; ingest's memory so far at most ${(await residentMiB()).toFixed(0)} MiB`,
  );
  return events.refused === 0 && arrays.refused <= 0.05 * (arrays.accepted + arrays.refused);
}

try {
  await ingest.start();
  sayMachine();
  const missed: string[] = [];
  for (const scenario of scenarios.filter(({ name }) => name.includes(ONLY))) {
    say(`${scenario.name}:`);
    if (!(await measure(scenario))) missed.push(scenario.name);
    await sleep(1_000);
  }
  say(missed.length === 0 ? "met in every scenario" : `MISSED: ${missed.join("; ")}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  await ingest.stop();
  redis.disconnect();
  await server.remove();
  await rm(dataDir, { recursive: true, force: true });
}
