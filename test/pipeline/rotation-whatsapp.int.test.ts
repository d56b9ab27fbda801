import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { customerOf } from "../../services/whatsapp/src/testing/delivery-request.ts";
import { postWebhook, received } from "../../services/whatsapp/src/testing/meta.ts";
import type { ServiceName } from "../../scripts/lib/services.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { migrate } from "../../services/conversations/src/store/migrate.ts";
import { startBalancer } from "../support/balancer.ts";
import { request } from "../support/client.ts";
import { creation, message } from "../support/events.ts";
import { startGraphApi } from "../support/graph-api/graph-api.ts";
import { startRedis } from "../support/redis-server.ts";
import { serviceProcess, type ServiceProcess } from "../support/service-process.ts";
import { hubSignature } from "../support/sign.ts";
import { until } from "../support/until.ts";

/*
 * What docs/operations.md says under "Rotating secrets", of those that WhatsApp brings: customers write by Meta and by a provider,
 * answers leave, Meta verifies the address, and meanwhile each secret becomes another one.
 */

const NUMBER = "106540352242922";
/** All answers are of one conversation, which leave one after the other: not faster than that. */
const PAUSE_MS = 400;
const NAMES = [
  "WEBHOOK_SECRETS",
  "WEB_SECRETS",
  "API_TOKENS",
  "DELIVERY_SECRETS",
  "WHATSAPP_APP_SECRETS",
  "WHATSAPP_VERIFY_TOKENS",
  "WHATSAPP_WEBHOOK_TOKENS",
  "WHATSAPP_TOKEN",
] as const;
type Name = (typeof NAMES)[number];
type Age = "old" | "new";
const valueOf = (name: Name, age: Age): string => `the ${age} value of ${name}`.replaceAll(" ", "-");

const undo: Array<() => unknown> = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

test("WhatsApp's secrets are changed while customers write and answers leave: nobody is refused but by Meta's reset", async () => {
  const dir = await mkdtemp(join(tmpdir(), "fio-rotation-"));
  undo.push(() => rm(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, "secrets"));
  const fileOf = (name: Name) => join(dir, "secrets", name);
  const give = (name: Name, ...ages: Age[]) =>
    writeFileSync(fileOf(name), ages.map((age) => valueOf(name, age)).join(","));
  for (const name of NAMES) give(name, "old");

  const redis = await startRedis();
  undo.push(redis.remove);
  const databaseUrl = `sqlite:${join(dir, "fio.db")}`;
  const store = openStore(databaseUrl);
  undo.push(store.close);
  await migrate(store);
  const graph = await startGraphApi({ token: valueOf("WHATSAPP_TOKEN", "old") });
  undo.push(graph.close);

  const prepare = async (
    service: ServiceName | "whatsapp",
    name: string,
    secrets: readonly Name[],
    env: Record<string, string> = {},
  ): Promise<ServiceProcess> => {
    const files = Object.fromEntries(secrets.map((secret) => [`${secret}_FILE`, fileOf(secret)]));
    const one = await serviceProcess({
      ...{ service, name, dataDir: dir },
      env: { NODE_ENV: "production", SIGN_IN: "off", REDIS_URL: redis.url, ...files, ...env },
    });
    undo.push(one.kill);
    return one;
  };
  const two = <Made>(make: (nth: number) => Promise<Made>) => Promise.all([make(1), make(2)]);
  const ingests = await two((nth) => prepare("ingest", `ingest-${nth}`, ["WEBHOOK_SECRETS", "WEB_SECRETS"]));
  const apis = await two((nth) =>
    prepare("conversations", `api-${nth}`, ["API_TOKENS"], { ROLE: "api", DATABASE_URL: databaseUrl }),
  );
  const balanced = async (processes: readonly ServiceProcess[]): Promise<string> => {
    const balancer = await startBalancer(processes.map(({ url }) => url));
    undo.push(balancer.close);
    return balancer.url;
  };
  const [ingest, api] = [await balanced(ingests), await balanced(apis)];
  const whatsapps = await two((nth) =>
    prepare("whatsapp", `whatsapp-${nth}`, NAMES, {
      ...{ INGEST_URL: ingest, API_URL: api, GRAPH_URL: graph.url, WHATSAPP_NUMBERS: NUMBER },
    }),
  );
  const whatsapp = await balanced(whatsapps);
  const worker = await prepare("conversations", "worker", ["DELIVERY_SECRETS"], {
    ...{ ROLE: "worker", DATABASE_URL: databaseUrl, DELIVERY_URL: `${whatsapp}/deliveries` },
  });
  await Promise.all([...ingests, ...apis, ...whatsapps, worker].map((one) => one.start()));
  /** One of two after the other. */
  const restart = async (...pairs: ReadonlyArray<readonly ServiceProcess[]>): Promise<void> => {
    for (const nth of [0, 1]) {
      await Promise.all(
        pairs.map(async (pair) => {
          await pair[nth]?.stop();
          await pair[nth]?.start();
        }),
      );
    }
  };

  /* Four who never stop, each with the secret that it was given. */
  const held = Object.fromEntries(NAMES.map((name) => [name, "old"])) as Record<Name, Age>;
  const secretOf = (name: Name): string => valueOf(name, held[name]);
  const over = new AbortController();
  const refused: Array<{ who: string; status: number; meta: string }> = [];
  let meta = "as ever";
  const written: string[] = [];
  const answered: string[] = [];
  const done = { meta: 0, provider: 0, agent: 0, verification: 0 };
  const conversation = randomUUID();
  const post = (event: unknown, secret: string) => {
    const body = JSON.stringify(event);
    return request(`${ingest}/webhook/`, { body, headers: hubSignature(body, secret) });
  };
  const begun = creation(conversation);
  const contact = customerOf(NUMBER);
  expect(
    (await post({ ...begun, data: { ...begun.data, contact } }, secretOf("WEBHOOK_SECRETS"))).status,
  ).toBe(202);
  let count = 0;
  /** Of a customer of their own, each time. */
  const arriving = () => {
    count += 1;
    const text = `mensagem ${count}`;
    written.push(text);
    const from = { phone: `5511${900_000_000 + count}`, name: `Cliente ${count}` };
    return received(`in-${count}`, { from, text, at: Math.floor(Date.now() / 1_000) });
  };
  /** A 5xx is no refusal: whoever sends tries the same again. */
  const untilTaken = (ask: () => Promise<number>): Promise<number> =>
    until(
      async () => {
        const status = await ask();
        return status < 500 && status;
      },
      { what: "somebody answers" },
    );
  const acts: Record<keyof typeof done, () => Promise<number>> = {
    meta: async () => {
      const body = arriving();
      // Meta repeats what is not answered with 200, for days.
      for (;;) {
        const { status } = await postWebhook(whatsapp, body, { secret: secretOf("WHATSAPP_APP_SECRETS") });
        if (status === 200 || over.signal.aborted) return status;
        if (status < 500) refused.push({ who: "meta", status, meta });
        await sleep(100);
      }
    },
    provider: async () => {
      const body = arriving();
      const headers = { authorization: `Bearer ${secretOf("WHATSAPP_WEBHOOK_TOKENS")}` };
      const ask = () => request(`${whatsapp}/whatsapp/360dialog`, { body, headers });
      return untilTaken(async () => (await ask()).status);
    },
    agent: async () => {
      const text = `resposta ${answered.length + 1}`;
      const event = message(conversation, { direction: "SENT", content: text });
      const author = { id: "marina", name: "Marina" };
      answered.push(text);
      const written = { ...event, data: { ...event.data, author } };
      return untilTaken(async () => (await post(written, secretOf("WEB_SECRETS"))).status);
    },
    verification: async () => {
      const token = encodeURIComponent(secretOf("WHATSAPP_VERIFY_TOKENS"));
      const asked = `hub.mode=subscribe&hub.challenge=7&hub.verify_token=${token}`;
      return untilTaken(async () => (await request(`${whatsapp}/whatsapp/meta?${asked}`)).status);
    },
  };
  const going = (Object.keys(acts) as Array<keyof typeof acts>).map(async (who) => {
    while (!over.signal.aborted) {
      const status = await acts[who]();
      if (status === 200 || status === 202) done[who] += 1;
      else refused.push({ who, status, meta });
      await sleep(PAUSE_MS);
    }
  });
  undo.push(async () => {
    over.abort();
    await Promise.allSettled(going);
  });
  const goOn = async (): Promise<void> => {
    const before = { ...done };
    await until(
      () => (Object.keys(done) as Array<keyof typeof done>).every((who) => done[who] > before[who] + 3),
      {
        what: "all go on",
      },
    );
  };
  const leave = (): Promise<unknown> => {
    const wanted = answered.length;
    return until(() => graph.phone.length >= wanted, { what: "what agents wrote has left", limitMs: 90_000 });
  };
  await goOn();
  await leave();

  // 1. Whoever asks for a secret knows the new one beside the old; a second token of Meta's is made.
  for (const name of NAMES)
    if (name !== "WHATSAPP_APP_SECRETS" && name !== "WHATSAPP_TOKEN") give(name, "old", "new");
  graph.useToken(valueOf("WHATSAPP_TOKEN", "old"), valueOf("WHATSAPP_TOKEN", "new"));
  await restart(ingests, apis, whatsapps);
  await goOn();
  // 2. Whoever brings one brings the new one.
  for (const name of NAMES)
    if (name !== "WHATSAPP_APP_SECRETS" && name !== "WHATSAPP_TOKEN") give(name, "new", "old");
  give("WHATSAPP_TOKEN", "new");
  await restart(ingests, apis, whatsapps, [worker]);
  for (const name of NAMES) if (name !== "WHATSAPP_APP_SECRETS") held[name] = "new";
  await goOn();
  await leave();
  // 3. The old ones are good for nothing.
  for (const name of NAMES) if (name !== "WHATSAPP_APP_SECRETS") give(name, "new");
  graph.useToken(valueOf("WHATSAPP_TOKEN", "new"));
  await restart(ingests, apis, whatsapps, [worker]);
  await goOn();
  await leave();
  expect(refused).toEqual([]);

  // Of its app's secret Meta has one: between the reset and the restart its webhooks are refused, and come again.
  meta = "reset";
  held.WHATSAPP_APP_SECRETS = "new";
  const reset = performance.now();
  await until(() => refused.length > 0, { what: "a webhook of Meta's is refused" });
  give("WHATSAPP_APP_SECRETS", "new", "old");
  await restart(whatsapps);
  const gapMs = performance.now() - reset;
  meta = "known again";
  give("WHATSAPP_APP_SECRETS", "new");
  await restart(whatsapps);
  await goOn();
  await leave();
  over.abort();
  await Promise.all(going);
  console.log(
    `${refused.length} webhooks of Meta's refused in ${(gapMs / 1_000).toFixed(1)} s, ${written.length} messages of customers, ${answered.length} answers`,
  );
  expect(refused.filter(({ who, meta: when }) => who !== "meta" || when !== "reset")).toEqual([]);
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([401]));

  // Each is good for nothing any more where it was asked for.
  const oldOf = (name: Name) => valueOf(name, "old");
  expect((await post(creation(), oldOf("WEBHOOK_SECRETS"))).status).toBe(401);
  expect((await post(creation(), oldOf("WEB_SECRETS"))).status).toBe(401);
  expect((await postWebhook(whatsapp, {}, { secret: oldOf("WHATSAPP_APP_SECRETS") })).status).toBe(401);

  // All that was written is there once, and all that was answered reached the phone once, in its order.
  await until(
    async () => {
      const rows = await store.read("messages").select<Array<{ content: string }>>("content");
      const there = rows.map(({ content }) => content).filter((content) => content.startsWith("mensagem "));
      return there.length >= written.length && new Set(there).size === there.length;
    },
    { what: "every customer's message is in the store" },
  );
  await leave();
  expect(graph.phone.map(({ text }) => text)).toEqual(answered);
}, 300_000);
