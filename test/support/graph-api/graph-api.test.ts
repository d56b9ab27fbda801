import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hubSignature } from "../sign.ts";
import { startGraphApi, type GraphApi } from "./graph-api.ts";

const NUMBER = "106540352242922";
const APP_SECRET = "the app's secret at Meta";
const TOKEN = "EAAG-token";

let told: Array<{ body: string; signature: string | undefined }> = [];
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    told.push({
      body: Buffer.concat(chunks).toString("utf8"),
      signature: request.headers["x-hub-signature-256"] as string | undefined,
    });
    response.end();
  });
});

let api: GraphApi;
beforeEach(async () => {
  told = [];
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  api = await startGraphApi({ token: TOKEN, hook: () => ({ url, appSecret: APP_SECRET }) });
});
afterEach(async () => {
  await api.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const message = {
  messaging_product: "whatsapp",
  to: "5511912345678",
  type: "text",
  text: { body: "Bom dia!" },
  biz_opaque_callback_data: "m1",
};
const post = async (
  body: object = message,
  { path = `/v24.0/${NUMBER}/messages`, token = TOKEN, type = "application/json", limitMs = 5_000 } = {},
): Promise<{ status: number; body: string }> => {
  const answer = await fetch(`${api.url}${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": type },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(limitMs),
  });
  return { status: answer.status, body: await answer.text() };
};
const codeOf = (text: string): number => (JSON.parse(text) as { error: { code: number } }).error.code;

test("a text that Meta would take reaches the phone, and the answer names it", async () => {
  const { status, body } = await post();
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({
    contacts: [{ input: "5511912345678", wa_id: "5511912345678" }],
    messages: [{ id: api.phone[0]?.wamid }],
  });
  expect(api.phone).toMatchObject([{ to: "5511912345678", text: "Bom dia!", callbackData: "m1" }]);
  const { to: _, ...unnumbered } = message;
  await post({ ...unnumbered, recipient: "BR.13491208655302741918" });
  expect(api.phone[1]).toMatchObject({ to: "BR.13491208655302741918" });
});

test.each<[string, object, Parameters<typeof post>[1], number]>([
  ["another token", message, { token: "another" }, 190],
  ["another version", message, { path: `/v1.0/${NUMBER}/messages` }, 100],
  ["a number of somebody else", message, { path: "/v24.0/7/messages" }, 100],
  ["another path", message, { path: `/v24.0/${NUMBER}/message` }, 100],
  ["no JSON", message, { type: "text/plain" }, 100],
  ["nobody to send to", { ...message, to: undefined }, {}, 100],
  ["a number with spaces", { ...message, to: "55 11 91234" }, {}, 100],
  ["no text", { ...message, text: { body: "" } }, {}, 100],
  ["a text that is too long", { ...message, text: { body: "a".repeat(4_097) } }, {}, 100],
  ["a misspelled field", { ...message, bizOpaqueCallbackData: "m1" }, {}, 100],
])("%s is refused, remembered, and reaches nobody", async (_name, body, options, code) => {
  const answer = await post(body, options);
  expect(codeOf(answer.body)).toBe(code);
  expect(api.requests).toHaveLength(1);
  expect(api.requests[0]?.fault).toEqual(JSON.parse(answer.body));
  expect(api.phone).toEqual([]);
});

describe("it misbehaves as it is told", () => {
  test("it refuses with Meta's codes, one message each, and takes the next", async () => {
    api.next({ kind: "refuse", code: 131056 }, { kind: "refuse", code: 131047 });
    expect(codeOf((await post()).body)).toBe(131056);
    expect(codeOf((await post()).body)).toBe(131047);
    expect((await post()).status).toBe(200);
    expect(api.phone).toHaveLength(1);
  });

  test("it answers late, or never, and the message may have arrived all the same", async () => {
    api.next({ kind: "accept", afterMs: 3_000 });
    await expect(post(message, { limitMs: 100 })).rejects.toThrow();
    expect(api.phone).toHaveLength(1);
    api.next({ kind: "hang", accepted: true }, { kind: "hang", accepted: false });
    await expect(post(message, { limitMs: 100 })).rejects.toThrow();
    expect(api.phone).toHaveLength(2);
    await expect(post(message, { limitMs: 100 })).rejects.toThrow();
    expect(api.phone).toHaveLength(2);
  });

  test("it cuts the connection, a proxy answers in its place, or the answer cannot be read", async () => {
    api.next({ kind: "cut", accepted: true }, { kind: "cut", accepted: false });
    await expect(post()).rejects.toThrow();
    await expect(post()).rejects.toThrow();
    expect(api.phone).toHaveLength(1);
    api.next({ kind: "gateway", status: 504, accepted: true }, { kind: "garble" });
    expect((await post()).status).toBe(504);
    const garbled = await post();
    expect(() => JSON.parse(garbled.body) as unknown).toThrow();
    expect(api.phone).toHaveLength(3);
  });

  test("it chooses by the message, and a token may expire", async () => {
    api.always(({ text }) => (text.body === "não" ? { kind: "refuse", code: 131026 } : undefined));
    expect(codeOf((await post({ ...message, text: { body: "não" } })).body)).toBe(131026);
    expect((await post()).status).toBe(200);
    api.useToken("a new one");
    expect(codeOf((await post()).body)).toBe(190);
  });
});

test("it tells statuses signed, twice and backwards, with the times of the usual order", async () => {
  await post();
  const [arrived] = api.phone;
  await api.tell(arrived!, ["read", "delivered", "delivered", "sent"], { pricing: { billable: false } });
  expect(told).toHaveLength(4);
  for (const { body, signature } of told) {
    expect(signature).toBe(hubSignature(body, APP_SECRET)["x-hub-signature-256"]);
  }
  const statuses = told.map(
    ({ body }) =>
      (JSON.parse(body) as { entry: Array<{ changes: Array<{ value: { statuses: object[] } }> }> }).entry[0]
        ?.changes[0]?.value.statuses[0] as { status: string; timestamp: string; id: string },
  );
  expect(statuses.map(({ status }) => status)).toEqual(["read", "delivered", "delivered", "sent"]);
  const seconds = statuses.map(({ timestamp }) => Number(timestamp));
  expect(seconds[0]).toBe(seconds[3]! + 2);
  expect(statuses[0]).toMatchObject({
    id: arrived?.wamid,
    biz_opaque_callback_data: "m1",
    pricing: { billable: false },
  });
  await api.tell(arrived!, ["failed"], { error: 131026 });
  expect(told[4]?.body).toContain('"code":131026');
});

test("a customer writes, signed", async () => {
  await api.write({ from: "5511912345678", name: "Ana Souza", text: "Oi" });
  expect(told[0]?.signature).toBe(hubSignature(told[0]!.body, APP_SECRET)["x-hub-signature-256"]);
  expect(told[0]?.body).toContain('"phone_number_id":"106540352242922"');
});
