import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  QUEUE_NAME,
  REDIS_PREFIX,
  outcomeChannel,
  type Job,
  type JobEvent,
  type OwnOutcome,
  type Receipt,
  type Reply,
} from "@fio/contracts";
import { createLog } from "@fio/service/log";
import { close, creation, message } from "../../../test/support/events.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { until } from "../../../test/support/until.ts";
import { createMetrics } from "./metrics.ts";
import { openOutcomes } from "./outcomes.ts";
import {
  openTestQueue,
  startTestIngest,
  type Answer,
  type TestIngest,
  type TestQueue,
} from "./testing/start.ts";

const earlier = "1740133242349300" as Receipt;

/** What the worker below says of an event: a text in the message's content, or applied. */
const OUTCOMES: Record<string, { outcome: OwnOutcome; duplicateOf?: Receipt } | null> = {
  repeated: { outcome: { kind: "applied" }, duplicateOf: earlier },
  waiting: { outcome: { kind: "waiting" } },
  closed: { outcome: { kind: "rejected", reason: "CONVERSATION_CLOSED", detail: "closed before it" } },
  conflict: { outcome: { kind: "rejected", reason: "MESSAGE_ID_CONFLICT" } },
  unknown: { outcome: { kind: "rejected", reason: "CONVERSATION_NOT_FOUND" } },
  broken: { outcome: { kind: "rejected", reason: "INTERNAL_ERROR" } },
  "refused again": { outcome: { kind: "rejected", reason: "CONVERSATION_CLOSED" }, duplicateOf: earlier },
  silence: null,
};

let server: RedisServer;
let queue: TestQueue;
let ingest: TestIngest;
let worker: Worker<Job>;
let publisher: Redis;

beforeAll(async () => {
  server = await startRedis();
  queue = openTestQueue(server.url);
  publisher = new Redis(server.url);
  ingest = await startTestIngest({ redisUrl: server.url });
  const connection = new Redis(server.url, { maxRetriesPerRequest: null });
  worker = new Worker<Job>(QUEUE_NAME, async ({ data }) => reply(data.events), {
    connection,
    prefix: REDIS_PREFIX,
    concurrency: 10,
  });
  worker.on("closed", () => connection.disconnect());
  await worker.waitUntilReady();
});
afterAll(async () => {
  await worker.close();
  await ingest.stop();
  publisher.disconnect();
  await queue.close();
  await server.remove();
});

/** What the worker below has taken and said nothing of. */
const silent: JobEvent[] = [];

/** As a worker does: what was decided, to the instance that waits for it. Twice, as after a crash. */
async function reply(events: JobEvent[]): Promise<void> {
  for (const one of events) {
    const { receipt, event, reply: instance } = one;
    const content = event.type === "NEW_MESSAGE" ? event.data.content : "";
    const said = content in OUTCOMES ? OUTCOMES[content] : { outcome: { kind: "applied" as const } };
    if (content === "silence") silent.push(one);
    if (instance === undefined || said === null || said === undefined) continue;
    const replies: Reply[] = [{ receipt, ...said }];
    for (let time = 0; time < 2; time += 1) {
      await publisher.publish(outcomeChannel(instance), JSON.stringify(replies));
    }
  }
}

const saying = (content: string) => message(randomUUID(), { content });
const wait = (seconds: number) => ({ headers: { prefer: `wait=${seconds}` } });
const waiting = async () => /^fio_ingest_waiting_for_outcome (\d+)$/m.exec(await ingest.metrics())?.[1];

test.each([
  ["a creation", creation(), 201, { status: "applied" }],
  ["a message", saying("olá"), 201, { status: "applied" }],
  ["a close", close(randomUUID()), 200, { status: "applied" }],
  ["a repetition", saying("repeated"), 200, { status: "duplicate", duplicate_of: earlier }],
  ["a message ahead of its conversation", saying("waiting"), 202, { status: "waiting" }],
])("%s that was waited for is answered with its outcome", async (_name, event, status, body) => {
  const answer = await ingest.post(event, wait(10));
  expect(answer.status).toBe(status);
  expect(answer.body).toEqual({ ...body, receipt: expect.stringMatching(/^\d{16}$/) as string });
  expect(answer.headers.get("preference-applied")).toBe("wait=10");
  expect(answer.ms).toBeLessThan(9_000);
});

test.each([
  ["closed", 400, "CONVERSATION_CLOSED"],
  ["refused again", 400, "CONVERSATION_CLOSED"],
  ["unknown", 404, "CONVERSATION_NOT_FOUND"],
  ["conflict", 409, "MESSAGE_ID_CONFLICT"],
  ["broken", 500, "INTERNAL_ERROR"],
])("a message that was refused (%s) is a problem that carries its receipt", async (content, status, code) => {
  const answer = await ingest.post(saying(content), wait(10));
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(answer.headers.get("preference-applied")).toBe("wait=10");
  expect(answer.body).toMatchObject({ code, status, receipt: expect.stringMatching(/^\d{16}$/) as string });
});

const ofOne = async (
  event: unknown,
  seconds: number,
): Promise<{ answer: Promise<Answer>; told: JobEvent }> => {
  const answer = ingest.post(event, wait(seconds));
  const told = await until(() => silent.at(-1), { what: "the worker has it" });
  return { answer, told };
};
const tell = async ({ receipt, reply: instance }: JobEvent, outcome: Reply["outcome"]): Promise<void> => {
  await publisher.publish(outcomeChannel(instance!), JSON.stringify([{ receipt, outcome }]));
};

test("a message ahead of its conversation is answered when that comes", async () => {
  silent.length = 0;
  const { answer, told } = await ofOne(saying("silence"), 10);
  await tell(told, { kind: "waiting", grace_ms: 6_000 });
  await tell(told, { kind: "applied" });
  expect(await answer).toMatchObject({ status: 201, body: { status: "applied", receipt: told.receipt } });
});

test("a message whose conversation does not come is refused, with its receipt, when the grace ends", async () => {
  silent.length = 0;
  const { answer, told } = await ofOne(saying("silence"), 10);
  await tell(told, { kind: "waiting", grace_ms: 500 });
  const { status, body, ms } = await answer;
  expect(status).toBe(404);
  expect(body).toMatchObject({ code: "CONVERSATION_NOT_FOUND", receipt: told.receipt });
  expect(ms).toBeGreaterThan(490);
  expect(ms).toBeLessThan(5_000);
});

test("whoever waits less long than the grace is told that it waits", async () => {
  silent.length = 0;
  const { answer, told } = await ofOne(saying("silence"), 1);
  await tell(told, { kind: "waiting", grace_ms: 6_000 });
  expect(await answer).toMatchObject({ status: 202, body: { status: "waiting", receipt: told.receipt } });
});

test("where replies may have gone unheard, the end of the grace is no refusal", async () => {
  silent.length = 0;
  const { answer, told } = await ofOne(saying("silence"), 3);
  await tell(told, { kind: "waiting", grace_ms: 1_000 });
  await publisher.call("CLIENT", "KILL", "TYPE", "pubsub");
  expect(await answer).toMatchObject({ status: 202, body: { status: "waiting" } });
  await until(ingest.ready, { what: "outcomes are heard again" });
});

test("an array that was waited for gets 200 and a result for each, in its order", async () => {
  const contents = ["a", "closed", "repeated", "waiting", "broken", "refused again"];
  const answer = await ingest.post(contents.map(saying), wait(10));
  expect(answer.status).toBe(200);
  const results = answer.body.results!;
  expect(results.map(({ status, problem }) => problem?.code ?? status)).toEqual([
    "applied",
    "CONVERSATION_CLOSED",
    "duplicate",
    "waiting",
    "INTERNAL_ERROR",
    "CONVERSATION_CLOSED",
  ]);
  for (const { receipt, problem } of results) {
    expect(receipt).toMatch(/^\d{16}$/);
    if (problem !== undefined) expect(problem.receipt).toBe(receipt);
  }
});

test("what has no outcome in time is answered as accepted", async () => {
  const one = await ingest.post(saying("silence"), wait(1));
  expect(one.status).toBe(202);
  expect(one.body).toMatchObject({ status: "accepted", receipt: expect.any(String) as string });
  expect(one.headers.get("preference-applied")).toBe("wait=1");
  expect(one.ms).toBeGreaterThan(900);
  const both = await ingest.post([saying("olá"), saying("silence")], wait(1));
  expect(both.status).toBe(200);
  expect(both.body.results?.map(({ status }) => status)).toEqual(["applied", "accepted"]);
});

test.each(["wait=0", "wait=soon", "return=minimal"])(
  "with Prefer: %s nothing is waited for",
  async (prefer) => {
    const answer = await ingest.post(saying("silence"), { headers: { prefer } });
    expect(answer.status).toBe(202);
    expect(answer.headers.get("preference-applied")).toBeNull();
    expect(answer.ms).toBeLessThan(900);
  },
);

test("200 senders that wait at once each get their own outcome", async () => {
  const contents = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? "olá" : "closed"));
  const answers = await Promise.all(contents.map((content) => ingest.post(saying(content), wait(20))));
  expect(answers.map(({ status }) => status)).toEqual(
    contents.map((content) => (content === "olá" ? 201 : 400)),
  );
  expect(new Set(answers.map(({ body }) => body.receipt)).size).toBe(200);
});

test("a sender that breaks off leaves nothing behind", async () => {
  const gone = new AbortController();
  const posted = fetch(`${ingest.url}/webhook/`, {
    method: "POST",
    headers: { "content-type": "application/json", prefer: "wait=30" },
    body: JSON.stringify(saying("silence")),
    signal: gone.signal,
  });
  await until(async () => (await waiting()) === "1", { what: "the sender waits" });
  gone.abort();
  await expect(posted).rejects.toThrow();
  await until(async () => (await waiting()) === "0", { what: "nobody waits any more" });
});

/** Posts `count` messages on one connection, each ahead of the answer to the one before, and waits for none. */
function postAhead(count: number): Socket {
  const { hostname, port } = new URL(ingest.url);
  const socket = connect(Number(port), hostname, () => {
    for (let index = 0; index < count; index += 1) {
      const body = JSON.stringify(saying("silence"));
      const head = `Host: a\r\nContent-Type: application/json\r\nPrefer: wait=30\r\nContent-Length: ${body.length}`;
      socket.write(`POST /webhook/ HTTP/1.1\r\n${head}\r\n\r\n${body}`);
    }
  });
  return socket.on("error", () => {});
}

test("10,000 senders that break off do not switch waiting off, also where they sent ahead", async () => {
  for (let round = 0; round < 10; round += 1) {
    const sockets = Array.from({ length: 20 }, () => postAhead(50));
    await until(async () => (await waiting()) === "1000", { what: "a thousand wait" });
    for (const socket of sockets) socket.destroy();
    await until(async () => (await waiting()) === "0", { what: "nobody waits any more" });
  }
  expect((await ingest.post(saying("olá"), wait(10))).status).toBe(201);
}, 120_000);

test("a reply that cannot be read harms nobody", async () => {
  const [channel] = (await publisher.pubsub("CHANNELS", outcomeChannel("*"))) as string[];
  for (const text of ["not json", "{}", '[{"receipt":"1"}]']) await publisher.publish(channel!, text);
  expect((await ingest.post(saying("olá"), wait(10))).status).toBe(201);
});

test("those who wait are let go with what is known when ingest stops", async () => {
  const other = await startTestIngest({ redisUrl: server.url });
  const posted = other.post([saying("olá"), saying("silence")], wait(30));
  await until(async () => /^fio_ingest_waiting_for_outcome 1$/m.test(await other.metrics()), {
    what: "the sender waits",
  });
  await other.stop();
  const { status, ms } = await posted;
  expect(status).toBe(200);
  expect(ms).toBeLessThan(20_000);
});

test("a reply that overtakes the answer to its own flush is heard, and one that nobody waits for is forgotten", async () => {
  const subscriber = new Redis(server.url);
  const instance = randomUUID();
  const outcomes = openOutcomes({
    redis: subscriber,
    instance,
    log: createLog({ service: "ingest", level: "silent" }),
    metrics: createMetrics(),
  });
  await until(() => outcomes.listening(), { what: "it listens" });
  const receiptAt = (index: number) => String(Number(earlier) + index) as Receipt;
  const tell = (...receipts: Receipt[]) =>
    publisher.publish(
      outcomeChannel(instance),
      JSON.stringify(receipts.map((receipt): Reply => ({ receipt, outcome: { kind: "applied" } }))),
    );
  const [one, other] = [outcomes.watch()!, outcomes.watch()!];
  await tell(receiptAt(1), receiptAt(2));
  // Messages of a channel come in order: this one is there when those before it are.
  other.begin([receiptAt(3)]);
  await tell(receiptAt(3));
  expect((await other.within(5_000)).map((reply) => reply?.receipt)).toEqual([receiptAt(3)]);
  one.begin([receiptAt(1), receiptAt(2), receiptAt(4)]);
  expect((await one.within(0)).map((reply) => reply?.receipt)).toEqual([
    receiptAt(1),
    receiptAt(2),
    undefined,
  ]);
  const late = outcomes.watch()!;
  late.begin([receiptAt(1)]);
  expect(await late.within(0)).toEqual([undefined]);
  subscriber.disconnect();
});

test("a connection that comes back subscribes by one command, whose failure somebody hears", async () => {
  const commands: string[] = [];
  // A command of somebody else that comes right behind the answer makes ioredis give up.
  const watcher = await until(() => publisher.monitor().catch(() => null), { what: "commands are told" });
  watcher.on("monitor", (_time: string, [command]: string[]) => commands.push(command?.toLowerCase() ?? ""));
  const [, id] = /id=(\d+) .*name=ingest-outcomes/.exec((await publisher.client("LIST")) as string) ?? [];
  await publisher.client("KILL", "ID", id ?? "");
  await until(() => commands.includes("subscribe"), { what: "it subscribes again" });
  await publisher.ping();
  await until(() => ingest.ready(), { what: "ingest is ready" });
  expect(commands.filter((command) => command === "subscribe")).toHaveLength(1);
  watcher.disconnect();
});
