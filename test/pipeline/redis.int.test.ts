import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, expect, test } from "vitest";
import { SESSION_HEADER } from "@fio/contracts";
import { followStream } from "../../services/conversations/src/api/testing/stream-client.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { readRedis } from "../../services/conversations/src/doctor/read-redis.ts";
import { answers } from "../../scripts/redis/private.ts";
import { selfSigned } from "../support/certificate.ts";
import { clientOf, type Client } from "../support/client.ts";
import { close, creation, message } from "../support/events.ts";
import { startFailoverRedis } from "../support/failover.ts";
import { freePort, startRedis } from "../support/redis-server.ts";
import { signInAs } from "../support/sign-in.ts";
import { SENTINEL_NAME, startSentinel } from "../support/sentinel.ts";
import { serviceProcess, type ServiceProcess } from "../support/service-process.ts";
import { forgetInQueue } from "../../services/conversations/src/customer/forget-in-queue.ts";
import { forgetInStream } from "../../services/conversations/src/customer/forget-in-stream.ts";
import { until } from "../support/until.ts";
import {
  ANA,
  APP_SECRET,
  CHANNEL,
  echo,
  postWebhook,
  received,
  statusOf,
  webhook,
} from "../../services/whatsapp/src/testing/meta.ts";
import { startTestWhatsapp } from "../../services/whatsapp/src/testing/start.ts";

const undo: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

type Part = "ingest" | "worker" | "api";
type Fio = Client & {
  apiUrl: string;
  databaseUrl: string;
  logs: () => Promise<string>;
  processes: Record<Part, ServiceProcess>;
};

/** The three parts as processes of their own, each with its own way to Redis. */
async function startFio(urls: Record<Part, string>, env: Record<string, string> = {}): Promise<Fio> {
  const dataDir = await mkdtemp(join(tmpdir(), "fio-redis-"));
  undo.push(() => rm(dataDir, { recursive: true, force: true }));
  const databaseUrl = `sqlite:${join(dataDir, "fio.db")}`;
  const shared = { DATABASE_URL: databaseUrl, ...env };
  const part = async (name: Part): Promise<ServiceProcess> => {
    const started = await serviceProcess({
      service: name === "ingest" ? "ingest" : "conversations",
      name,
      dataDir,
      env: { ...shared, REDIS_URL: urls[name], ...(name === "ingest" ? {} : { ROLE: name }) },
    });
    undo.push(started.kill);
    await started.start();
    return started;
  };
  const worker = await part("worker");
  const [ingest, api] = await Promise.all([part("ingest"), part("api")]);
  const processes = { ingest, worker, api };
  return {
    ...clientOf({ ingestUrl: ingest.url, apiUrl: api.url }),
    apiUrl: api.url,
    databaseUrl,
    processes,
    logs: async () => (await Promise.all(Object.values(processes).map((one) => one.log()))).join(""),
  };
}

/** A conversation goes in, its outcomes come back, it is followed live, closed, and read. */
async function goesThrough(fio: Fio): Promise<void> {
  const id = randomUUID();
  const live = await followStream(fio.apiUrl, { conversations: [id] });
  await live.has("ready");
  expect((await fio.post(creation(id), { wait: 20 })).status).toBe(201);
  expect((await fio.post(message(id), { wait: 20 })).status).toBe(201);
  await live.has("message");
  await live.has("conversation");
  // Resumed from what Redis has.
  const again = await followStream(fio.apiUrl, { conversations: [id], lastEventId: "0-1" });
  await until(() => again.frames.length > 0, { what: "it is resumed" });
  live.close();
  again.close();
  expect((await fio.post(close(id), { wait: 20 })).status).toBe(200);
  expect((await fio.conversation(id)).body).toMatchObject({ state: "CLOSED", message_count: 1 });
}

/** An agent is seen in a conversation. */
async function isSeen(fio: Fio): Promise<void> {
  const store = openStore(fio.databaseUrl);
  const { token } = await signInAs(store, { name: "Ana" });
  await store.close();
  const id = randomUUID();
  const live = await followStream(fio.apiUrl, { conversations: [id] });
  await live.has("ready");
  for (const doing of ["looking", "left"]) {
    const answer = await fetch(`${fio.apiUrl}/conversations/${id}/presence`, {
      method: "POST",
      headers: { [SESSION_HEADER]: token },
      body: JSON.stringify({ tab: "a-tab-of-hers", doing }),
    });
    expect(answer.status).toBe(200);
  }
  await live.has("presence", 2);
  live.close();
}

test("with Sentinel: the primary dies, the sentinel names another, and Fio goes on there", async () => {
  const redis = await startFailoverRedis();
  undo.push(redis.remove);
  const sentinel = await startSentinel(redis.primary().url);
  undo.push(sentinel.remove);
  await sentinel.knowsReplica();
  // The first of them is gone.
  const url = `redis+sentinel://127.0.0.1:${await freePort()},${sentinel.address}/${SENTINEL_NAME}`;
  // `npm start` looks first whether it is there.
  expect(await answers(url)).toBe(true);
  expect(await answers(url.replace(SENTINEL_NAME, "nobody"))).toBe(false);
  const fio = await startFio({ ingest: url, worker: url, api: url });
  await goesThrough(fio);
  await redis.caughtUp();
  const before = redis.primary().url;
  await redis.primary().kill();
  await until(async () => (await sentinel.primary()) !== before, { what: "another primary is named" });
  const named = performance.now();
  await until(async () => (await fio.post(creation(), { wait: 5 })).status === 201, {
    what: "it is applied",
  });
  expect(performance.now() - named).toBeLessThan(10_000);
  // Who opens the live stream before the api is back hears "reset" once it is, and not "ready".
  const isReady = async () => (await fetch(`${fio.apiUrl}/readyz`)).ok;
  await until(isReady, { what: "the api reads the live stream again", limitMs: 10_000 });
  await goesThrough(fio);
}, 120_000);

test("over TLS, with a certificate authority of one's own", async () => {
  const directory = await mkdtemp(join(tmpdir(), "fio-tls-"));
  undo.push(() => rm(directory, { recursive: true, force: true }));
  const { certificate, key } = selfSigned();
  const [certificateFile, keyFile] = [join(directory, "redis.crt"), join(directory, "redis.key")];
  await Promise.all([writeFile(certificateFile, certificate), writeFile(keyFile, key)]);
  const port = await freePort();
  const server = await startRedis({
    args: [
      ...["--tls-port", String(port), "--tls-auth-clients", "no", "--tls-ca-cert-file", certificateFile],
      ...["--tls-cert-file", certificateFile, "--tls-key-file", keyFile],
    ],
  });
  undo.push(server.remove);
  const url = `rediss://127.0.0.1:${port}`;
  await goesThrough(
    await startFio({ ingest: url, worker: url, api: url }, { NODE_EXTRA_CA_CERTS: certificateFile }),
  );
  // Whoever does not know the authority does not trust the server.
  const stranger = new Redis(url, { retryStrategy: () => null });
  const refused = new Promise<Error>((resolve) => stranger.once("error", resolve));
  expect((await refused).message).toMatch(/self-signed/);
}, 120_000);

test.each([
  ["exactly the commands that docker/redis/users.acl names", []],
  ["the same without INFO", ["-info"]],
])(
  "under users that may use %s, everything works",
  async (_permissions, change) => {
    const server = await startRedis();
    undo.push(server.remove);
    const admin = new Redis(server.url);
    undo.push(() => admin.quit());
    const lines = await readFile("docker/redis/users.acl", "utf8");
    const users = [...lines.matchAll(/^user (fio-\w+) (.*)$/gm)].map(([, name = "", rules = ""]) => ({
      name,
      rules,
    }));
    expect(users.map(({ name }) => name)).toEqual([
      ...["fio-ingest", "fio-worker", "fio-api", "fio-doctor", "fio-whatsapp"],
    ]);
    for (const { name, rules } of users)
      await admin.call("ACL", "SETUSER", name, ...rules.split(" "), ...change);
    await admin.call(
      "ACL",
      "SETUSER",
      "default",
      "-@all",
      "+acl",
      "+lrange",
      "+zrange",
      "+keys",
      "+@connection",
    );

    const urlOf = (part: Part | "doctor" | "whatsapp"): string => {
      const { rules = "" } = users.find(({ name }) => name === `fio-${part}`) ?? {};
      return server.url.replace("://", `://fio-${part}:${/>(\S+)/.exec(rules)?.[1]}@`);
    };
    const fio = await startFio({ ingest: urlOf("ingest"), worker: urlOf("worker"), api: urlOf("api") });
    await goesThrough(fio);
    await isSeen(fio);
    // Many at once: jobs of many events, more of them than a worker holds.
    const ids = Array.from({ length: 200 }, () => randomUUID());
    await Promise.all(ids.map((id) => fio.post([creation(id), message(id), message(id)])));
    await until(async () => (await fio.conversation(ids.at(-1) ?? "")).status === 200, {
      what: "all are applied",
    });
    // A worker that dies with jobs in hand: another one is given them.
    await fio.processes.worker.kill();
    const last = randomUUID();
    expect((await fio.post(creation(last))).status).toBe(202);
    await fio.processes.worker.start();
    await until(async () => (await fio.conversation(last)).status === 200, { what: "it is applied" });

    // A customer writes by WhatsApp: what is about to be tried again too, as while ingest is away.
    const whatsapp = await startTestWhatsapp({
      redisUrl: urlOf("whatsapp"),
      env: {
        WHATSAPP_APP_SECRETS: APP_SECRET,
        INGEST_URL: fio.processes.ingest.url,
        API_URL: fio.apiUrl,
      },
    });
    undo.push(whatsapp.stop);
    for (const body of [
      received("1"),
      echo("2"),
      statusOf("2", "read"),
      statusOf("3", "read"),
      webhook({}),
    ]) {
      expect((await postWebhook(whatsapp.url, body)).status).toBe(200);
    }
    const isApplied = async () => (await fetch(`${fio.apiUrl}/contacts/${CHANNEL}/${ANA.phone}/`)).ok;
    await until(isApplied, { what: "what came by WhatsApp is applied" });

    const metrics = await (await fetch(`${fio.processes.ingest.url}/metrics`)).text();
    expect(/^fio_redis_memory_ratio /m.test(metrics)).toBe(change.length === 0);
    const denied = (await admin.call("ACL", "LOG")) as string[][];
    const names = denied.map((entry) => entry[entry.indexOf("object") + 1] ?? "");
    // What may be left out: it is asked for, and no harm is done.
    const optional = ["config|get", "client|setinfo", ...(change.length === 0 ? [] : ["info"])];
    expect(names.filter((name) => !optional.includes(name))).toEqual([]);
    expect(await fio.logs()).not.toContain("Skipping the ready check");
    // Whoever erases a customer comes in as the worker does.
    const worker = new Redis(urlOf("worker"));
    undo.push(() => worker.quit());
    const conversations = new Set([last]);
    const contacts = () => Promise.resolve(new Map());
    expect(await forgetInStream(worker, { conversations, contacts })).toBe(true);
    expect(await forgetInQueue(worker, { conversations, contacts, partition: 0 })).toBe(0);
    // It only reads: what it may not do it does without.
    await expect(readRedis(urlOf("doctor"))).resolves.toMatchObject({ kind: "answers", failedJobs: 0 });
  },
  120_000,
);
