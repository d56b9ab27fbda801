import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { sendLoad } from "./send.ts";
import type { Load } from "./load.ts";

async function loadFor(listener: RequestListener): Promise<Load> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    connections: 4,
    events: 1,
    traffic: "messages",
    conversations: ["a"],
    seconds: 20,
    most: 100,
  };
}

const answer =
  (status: () => number): RequestListener =>
  (request, response) => {
    request.resume();
    request.on("end", () => response.writeHead(status(), { "content-length": 0 }).end());
  };

test("counts what was accepted, in events, and stops at its most", async () => {
  const load = await loadFor(answer(() => 202));
  const result = await sendLoad({ ...load, events: 10 });
  expect(result).toMatchObject({
    accepted: { created: 0, messages: 100, closed: 0 },
    refused: {},
    unanswered: 0,
  });
  expect(result.latency.p50).toBeGreaterThan(0);
  expect(result.latency.p999).toBeGreaterThanOrEqual(result.latency.p50);
});

test("counts apart what was refused, and what got no answer", async () => {
  let count = 0;
  const load = await loadFor((request, response) => {
    count += 1;
    if (count === 50) request.socket.destroy();
    else answer(() => (count % 2 === 0 ? 503 : 202))(request, response);
  });
  const { accepted, refused, unanswered } = await sendLoad({ ...load, connections: 1 });
  expect(unanswered).toBe(1);
  expect(refused["503"]).toBe(49);
  expect(accepted.messages).toBe(50);
});

test("by a timetable it sends no more than its rate, and a wait counts from when a request was due", async () => {
  const stops: Array<() => void> = [];
  let held = true;
  const load = await loadFor((request, response) => {
    const go = (): void => answer(() => 202)(request, response);
    if (held) stops.push(go);
    else go();
  });
  setTimeout(() => {
    held = false;
    for (const go of stops) go();
  }, 400);
  const { accepted, seconds, latency } = await sendLoad({ ...load, connections: 1, rate: 200, seconds: 1 });
  expect(accepted.messages).toBe(100);
  expect(seconds).toBeGreaterThan(0.45);
  // One connection stood still for 400 ms: those that were due meanwhile are late, though each was answered at once.
  expect(latency.p50).toBeGreaterThan(50);
});
