import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGraphApi, type GraphApi } from "../../../../test/support/graph-api/graph-api.ts";
import { freePort } from "../../../../test/support/redis-server.ts";
import { callGraph, type Graph } from "./graph.ts";

const NUMBER = "106540352242922";
const message = {
  messaging_product: "whatsapp",
  to: "5511912345678",
  type: "text",
  text: { body: "Bom dia!" },
};

let api: GraphApi;
let graph: Graph;
beforeAll(async () => {
  api = await startGraphApi({ token: "a token" });
  graph = { url: api.url, version: "v24.0", token: "a token", sendMs: 5_000 };
});
afterAll(() => api.close());

const send = (over: Partial<Graph> = {}) =>
  callGraph({ ...graph, ...over }, `${NUMBER}/messages`, { body: message });

test("what is answered comes back whole, with how long to wait", async () => {
  expect(await send()).toMatchObject({ kind: "answered", status: 200, body: { messages: [{}] } });
  api.next({ kind: "refuse", code: 130429, headers: { "Retry-After": "7" } });
  expect(await send()).toMatchObject({
    kind: "answered",
    status: 400,
    body: { error: { code: 130429 } },
    retryAfterMs: 7_000,
  });
  api.next({ kind: "gateway", status: 502, accepted: false });
  expect(await send()).toEqual({ kind: "answered", status: 502, body: undefined, retryAfterMs: null });
});

test("a number's own page is asked without a body", async () => {
  expect(await callGraph(graph, NUMBER)).toMatchObject({ body: { verified_name: "Padaria Aurora" } });
});

test("a message that left on a connection and was not answered may have arrived", async () => {
  api.next({ kind: "hang", accepted: true }, { kind: "cut", accepted: true });
  expect(await send({ sendMs: 300 })).toEqual({ kind: "unanswered", reason: "time-out" });
  expect(await send()).toEqual({ kind: "unanswered", reason: "ECONNRESET" });
});

test("without a connection it is known that nothing arrived", async () => {
  const port = await freePort();
  expect(await send({ url: `http://127.0.0.1:${port}` })).toEqual({
    kind: "unreached",
    reason: "ECONNREFUSED",
  });
  // It takes connections, and never says hello.
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port: mute } = silent.address() as AddressInfo;
  expect(await send({ url: `https://127.0.0.1:${mute}`, sendMs: 300 })).toEqual({
    kind: "unreached",
    reason: "time-out",
  });
  silent.close();
});
