import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { request } from "../support/client.ts";
import { startCollector, type Collector } from "../support/collector.ts";
import { close, creation, message, type SentEvent } from "../support/events.ts";
import { startSystem, type System } from "../support/system.ts";
import { until } from "../support/until.ts";

let collector: Collector;
let system: System;

beforeAll(async () => {
  collector = await startCollector();
  system = await startSystem({
    ingests: 2,
    env: { LOG_LEVEL: "debug", OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: "0" },
  });
});
afterAll(async () => {
  await system.remove();
  await collector.close();
});

const newTrace = (recorded = true) => {
  const [trace, span] = [randomBytes(16).toString("hex"), randomBytes(8).toString("hex")];
  return { trace, span, traceparent: `00-${trace}-${span}-${recorded ? "01" : "00"}` };
};

const post = (body: SentEvent | SentEvent[], headers: Record<string, string> = {}) =>
  request<{ status: string }>(`${system.ingestUrl}/webhook/`, {
    body,
    headers: { prefer: "wait=10", ...headers },
  });

const spansOf = (trace: string) => collector.spans().filter(({ traceId }) => traceId === trace);

const logged = async (): Promise<string> =>
  (await Promise.all(system.processes.map((process) => process.log()))).join("\n");

test("a webhook that is traced is seen from its arrival to the store, below its sender's span", async () => {
  const { trace, span, traceparent } = newTrace();
  const id = randomUUID();
  await post([creation(id), message(id, { content: "Palavras do cliente" })], { traceparent });
  await until(() => spansOf(trace).length === 3, { what: "its spans are exported" });
  const arrival = spansOf(trace).find(({ name }) => name === "POST /webhook/");
  const applied = spansOf(trace).filter(({ name }) => name === "apply");
  expect(arrival).toMatchObject({
    ...{ service: "fio-ingest", name: "POST /webhook/", parentSpanId: span },
    facts: { "http.response.status_code": 200 },
  });
  expect(applied.map(({ facts }) => facts["fio.event_type"]).sort()).toEqual([
    "NEW_CONVERSATION",
    "NEW_MESSAGE",
  ]);
  for (const one of applied) {
    expect(one).toMatchObject({
      ...{ service: "fio-worker", name: "apply", parentSpanId: arrival?.spanId },
      facts: { "fio.conversation_id": id, "fio.outcome": "applied", "messaging.system": "bullmq" },
    });
    expect(BigInt(one.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(one.startTimeUnixNano));
  }
  expect(collector.raw()).not.toContain("Palavras");
});

test("a refusal says why in its span, and the log names the trace", async () => {
  const { trace, traceparent } = newTrace();
  const id = randomUUID();
  expect(await post([creation(id), close(id)])).toMatchObject({ status: 200 });
  await post(message(id), { traceparent });
  await until(() => spansOf(trace).length === 2, { what: "its spans are exported" });
  expect(spansOf(trace).find(({ name }) => name === "apply")?.facts).toMatchObject({
    "fio.outcome": "rejected",
    "fio.reason": "CONVERSATION_CLOSED",
  });
  const lines = (await logged()).split("\n").filter((line) => line.includes(trace));
  expect(lines).toEqual([expect.stringContaining('"applied"'), expect.stringContaining('"flushed"')]);
});

test("what a sender does not record is not exported, but found in the log", async () => {
  const { trace, traceparent } = newTrace(false);
  await post(creation(), { traceparent });
  await post(creation());
  const last = newTrace();
  await post(creation(), { traceparent: last.traceparent });
  await until(() => spansOf(last.trace).length === 2, { what: "a later one is exported" });
  expect(spansOf(trace)).toEqual([]);
  expect(await logged()).toContain(trace);
});

test("a collector that is away changes nothing for senders, and is told of", async () => {
  await collector.close();
  const { traceparent } = newTrace();
  expect(await post(creation(), { traceparent })).toMatchObject({ status: 201 });
  await until(async () => (await logged()).includes("traces were not exported"), {
    what: "the log tells of it",
    limitMs: 20_000,
  });
});
