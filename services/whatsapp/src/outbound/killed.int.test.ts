import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { startGraphApi } from "../../../../test/support/graph-api/graph-api.ts";
import { startRedis } from "../../../../test/support/redis-server.ts";
import { serviceProcess } from "../../../../test/support/service-process.ts";
import { until } from "../../../../test/support/until.ts";
import { customerOf, deliveryRequest } from "../testing/delivery-request.ts";

const NUMBER = "106540352242922";
const SECRET = "what deliveries are signed with";
const APP_SECRET = "what Meta's webhooks are signed with";
const TOKEN = "a token of Meta's";
const CONVERSATIONS = 6;
const EACH = 8;
const KILLS = 6;

const undo: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** One that takes all it is told. */
async function startIngest(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(202).end("{}"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  undo.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const setUp = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "fio-whatsapp-"));
  undo.push(() => rm(dataDir, { recursive: true, force: true }));
  const redis = await startRedis();
  undo.push(() => redis.remove());
  const api = await startGraphApi({
    token: TOKEN,
    hook: () => ({ url: `${whatsapp.url}/whatsapp/meta`, appSecret: APP_SECRET }),
  });
  undo.push(() => api.close());
  const whatsapp = await serviceProcess({
    service: "whatsapp",
    dataDir,
    env: {
      REDIS_URL: redis.url,
      WHATSAPP_APP_SECRETS: APP_SECRET,
      WHATSAPP_TOKEN: TOKEN,
      WHATSAPP_NUMBERS: NUMBER,
      DELIVERY_SECRETS: SECRET,
      GRAPH_URL: api.url,
      INGEST_URL: await startIngest(),
      LOG_LEVEL: "warn",
    },
  });
  undo.push(() => whatsapp.kill());
  await whatsapp.start();
  return { api, whatsapp };
};

test("killed again and again while it sends, it sends nothing twice, and a status lets the rest go on", async () => {
  const { api, whatsapp } = await setUp();
  api.always(() => ({ kind: "accept", afterMs: 150 }));
  const conversations = Array.from({ length: CONVERSATIONS }, () => randomUUID());

  const deliver = async (conversation: string, nth: number): Promise<void> => {
    const delivery = { id: randomUUID(), conversation, text: `${conversation} ${nth}`, secret: SECRET };
    const attempt = () =>
      fetch(`${whatsapp.url}/deliveries`, deliveryRequest({ ...delivery, contact: customerOf(NUMBER) })).then(
        ({ status }) => status === 202,
        () => false,
      );
    // As Fio does: one at a time in a conversation, again until it is taken.
    await until(attempt, { what: "a message is taken", limitMs: 60_000, everyMs: 50 });
  };
  const delivering = Promise.all(
    conversations.map(async (conversation) => {
      for (let nth = 0; nth < EACH; nth += 1) await deliver(conversation, nth);
    }),
  );
  for (let kill = 0; kill < KILLS; kill += 1) {
    await sleep(250);
    await whatsapp.kill();
    await whatsapp.start();
  }
  await delivering;

  // Meta's word of each: it decides about those whose answer nobody heard.
  const all = CONVERSATIONS * EACH;
  let told = 0;
  const tellOfAll = async (): Promise<boolean> => {
    for (; told < api.phone.length; told += 1) {
      const arrived = api.phone[told];
      if (arrived !== undefined) await api.tell(arrived, ["sent", "delivered"]);
    }
    return api.phone.length >= all;
  };
  await until(tellOfAll, { what: "everything has reached the phone", limitMs: 60_000 });
  const texts = api.phone.map(({ text }) => text);
  expect(new Set(texts).size).toBe(texts.length);
  for (const conversation of conversations) {
    expect(texts.filter((text) => text.startsWith(conversation))).toEqual(
      Array.from({ length: EACH }, (_, nth) => `${conversation} ${nth}`),
    );
  }
}, 180_000);
