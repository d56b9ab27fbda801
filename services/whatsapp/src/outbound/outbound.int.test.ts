import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ARRIVAL_NOT_KNOWN, type MessageStatus } from "@fio/contracts";
import { startGraphApi, type GraphApi } from "../../../../test/support/graph-api/graph-api.ts";
import { startRedis, type RedisServer } from "../../../../test/support/redis-server.ts";
import { until } from "../../../../test/support/until.ts";
import { customerOf, deliveryRequest } from "../testing/delivery-request.ts";
import { startTestWhatsapp, type TestWhatsapp } from "../testing/start.ts";

const NUMBER = "106540352242922";
const SECRET = "what deliveries are signed with";
const APP_SECRET = "what Meta's webhooks are signed with";
const TOKEN = "a token of Meta's";

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.remove());

/** What ingest was told; `closed`: it answers 503. */
const ingest = { told: [] as MessageStatus[], closed: false };
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const events = JSON.parse(Buffer.concat(chunks).toString("utf8")) as MessageStatus | MessageStatus[];
    if (!ingest.closed) ingest.told.push(...[events].flat());
    response.writeHead(ingest.closed ? 503 : 202).end("{}");
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

let api: GraphApi;
let whatsapp: TestWhatsapp;
const begin = async (patience = { askMs: 300, giveUpMs: 60_000 }): Promise<void> => {
  whatsapp = await startTestWhatsapp({
    redisUrl: redis.url,
    env: {
      WHATSAPP_APP_SECRETS: APP_SECRET,
      WHATSAPP_TOKEN: TOKEN,
      WHATSAPP_NUMBERS: NUMBER,
      DELIVERY_SECRETS: SECRET,
      GRAPH_URL: api.url,
      INGEST_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    patience,
  });
};
beforeAll(async () => {
  api = await startGraphApi({
    token: TOKEN,
    hook: () => ({ url: `${whatsapp.url}/whatsapp/meta`, appSecret: APP_SECRET }),
  });
  await begin();
});
afterAll(async () => {
  await api.close();
  await whatsapp.stop();
});
beforeEach(() => {
  ingest.told = [];
  ingest.closed = false;
  api.phone.length = 0;
  api.requests.length = 0;
});

type Given = {
  id?: string;
  conversation?: string;
  timestamp?: string;
  contact?: object | null;
  secret?: string;
};
const deliver = async (
  text: string,
  {
    id = randomUUID(),
    conversation = randomUUID(),
    timestamp = new Date().toISOString(),
    contact = customerOf(NUMBER),
    secret = SECRET,
  }: Given = {},
): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(
    `${whatsapp.url}/deliveries`,
    deliveryRequest({ id, conversation, text, secret, timestamp, contact }),
  );
  return { status: answer.status, body: await answer.json() };
};
const arrived = (count: number): Promise<unknown> =>
  until(() => api.phone.length >= count, { what: `${count} messages reach the phone` });
const told = (count = 1): Promise<unknown> =>
  until(() => ingest.told.length >= count, { what: `${count} statuses are told` });
const texts = (): string[] => api.phone.map(({ text }) => text);
/** Nothing is on its way any more. */
const quiet = (): Promise<unknown> =>
  until(async () => (await whatsapp.metrics()).includes("fio_whatsapp_unsent 0"), {
    what: "nothing is unsent",
  });

describe("what agents wrote", () => {
  test("reaches the phone once, however often it is brought, with its id for the statuses", async () => {
    const [id, conversation] = [randomUUID(), randomUUID()];
    const answers = await Promise.all([1, 2, 3].map(() => deliver("Bom dia!", { id, conversation })));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    await arrived(1);
    await quiet();
    expect((await deliver("Bom dia!", { id, conversation })).status).toBe(202);
    await deliver("Até logo!", { conversation });
    await arrived(2);
    expect(texts()).toEqual(["Bom dia!", "Até logo!"]);
    expect(api.phone[0]).toMatchObject({ to: "5511912345678", callbackData: `${id} ${conversation}` });
    expect(ingest.told).toEqual([]);
  });

  test("goes to the id that only the business knows, where no number is known", async () => {
    const contact = { channel: `whatsapp:${NUMBER}`, id: "BR.13491208655302741918", name: null, phone: null };
    await deliver("Oi", { contact });
    await arrived(1);
    expect(api.phone[0]?.to).toBe("BR.13491208655302741918");
  });

  test("is refused for good with another's signature, or with nobody to send to, and that is said", async () => {
    expect(await deliver("Oi", { secret: "a secret of somebody else's" })).toMatchObject({
      status: 401,
      body: { error: { code: "SIGNATURE_INVALID" } },
    });
    expect(await deliver("Oi", { contact: null })).toMatchObject({
      status: 422,
      body: { error: { code: "NO_CONTACT" } },
    });
    expect(api.requests).toEqual([]);
  });

  test.each([131047, 131026, 131049, 131048] as const)("is told as failed with Meta's %d", async (code) => {
    api.next({ kind: "refuse", code });
    const [id, conversation] = [randomUUID(), randomUUID()];
    await deliver("Oi", { id, conversation });
    await told();
    expect(ingest.told[0]).toMatchObject({
      type: "MESSAGE_STATUS",
      data: { message_id: id, conversation_id: conversation, status: "FAILED" },
    });
    expect(ingest.told[0]?.data.detail).toMatch(new RegExp(`^${code}: `));
    // Somebody tries it once more by hand.
    await quiet();
    await deliver("Oi", { id, conversation });
    await arrived(1);
    expect(ingest.told).toHaveLength(1);
  });

  test("waits while Meta is in trouble with it, and others do not; in order", async () => {
    const conversation = randomUUID();
    api.next({ kind: "refuse", code: 131016 });
    await deliver("um", { conversation });
    await until(() => api.requests.length === 1, { what: "Meta has refused the first" });
    await deliver("dois", { conversation });
    await deliver("três", { conversation });
    await deliver("de outra");
    await arrived(4);
    expect(texts()[0]).toBe("de outra");
    expect(texts().slice(1)).toEqual(["um", "dois", "três"]);
    expect(ingest.told).toEqual([]);
  });

  test("waits while Meta has had too many of the number", async () => {
    api.next({ kind: "refuse", code: 130429 });
    await deliver("Oi");
    await arrived(1);
    expect(api.requests).toHaveLength(2);
  });

  test("that failed is told once ingest takes it", async () => {
    ingest.closed = true;
    api.next({ kind: "refuse", code: 131047 });
    await deliver("Oi");
    await until(() => api.requests.length === 1, { what: "Meta has refused it" });
    ingest.closed = false;
    await told();
    await quiet();
    expect(ingest.told).toHaveLength(1);
  });
});

test("without a good token the number stops and says so; with a new one everything goes out in order", async () => {
  api.useToken("another");
  const conversation = randomUUID();
  await deliver("um", { conversation });
  await deliver("dois", { conversation });
  const stopped = `fio_whatsapp_number_stopped{number="${NUMBER}",code="190"} 1`;
  await until(async () => (await whatsapp.metrics()).includes(stopped), { what: "the number is stopped" });
  expect(ingest.told).toEqual([]);
  await whatsapp.stop();
  api.useToken(TOKEN);
  await begin();
  await arrived(2);
  await quiet();
  expect(texts()).toEqual(["um", "dois"]);
  expect(await whatsapp.metrics()).not.toContain("fio_whatsapp_number_stopped{");
});

describe("when it is not known whether a message arrived", () => {
  test.each<[string, Parameters<GraphApi["next"]>[0], number]>([
    ["it arrived and the connection was cut", { kind: "cut", accepted: true }, 1],
    ["it did not arrive and the connection was cut", { kind: "cut", accepted: false }, 0],
    ["a gateway answered and it arrived", { kind: "gateway", status: 504, accepted: true }, 1],
    ["the answer cannot be read", { kind: "garble" }, 1],
  ])("%s: nothing is sent twice, and the agent is told", async (_name, behaviour, times) => {
    api.next(behaviour);
    const [id, conversation] = [randomUUID(), randomUUID()];
    await deliver("um", { id, conversation });
    await deliver("dois", { conversation });
    await told();
    expect(ingest.told[0]?.data).toMatchObject({
      message_id: id,
      status: "FAILED",
      detail: ARRIVAL_NOT_KNOWN,
    });
    await arrived(times + 1);
    await quiet();
    expect(texts()).toEqual(times === 1 ? ["um", "dois"] : ["dois"]);
    expect((await deliver("um", { id, conversation })).status).toBe(202);
    await quiet();
    expect(api.requests).toHaveLength(2);
  });

  test("a status decides: whoever comes next goes out, nothing is told as failed, and nothing is sent twice", async () => {
    await whatsapp.stop();
    await begin({ askMs: 60_000, giveUpMs: 60_000 });
    api.next({ kind: "cut", accepted: true });
    const conversation = randomUUID();
    await deliver("um", { conversation });
    await deliver("dois", { conversation });
    await arrived(1);
    await api.tell(api.phone[0]!, ["read", "delivered", "delivered", "sent"]);
    await arrived(2);
    await quiet();
    expect(texts()).toEqual(["um", "dois"]);
    await told(4);
    expect(ingest.told.map(({ data }) => data.status)).not.toContain("FAILED");
  });

  test("one that failed after it was accepted is told with Meta's reason", async () => {
    const id = randomUUID();
    await deliver("um", { id });
    await arrived(1);
    await api.tell(api.phone[0]!, ["failed"], { error: 131049 });
    await told();
    expect(ingest.told[0]?.data).toMatchObject({ message_id: id, status: "FAILED" });
    expect(ingest.told[0]?.data.detail).toContain("131049");
  });
});
