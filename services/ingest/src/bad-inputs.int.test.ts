import { Agent, request as send } from "node:http";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROBLEMS, type ProblemCode } from "@fio/contracts";
import { close, creation, message } from "../../../test/support/events.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { openTestQueue, startTestIngest, type TestIngest, type TestQueue } from "./testing/start.ts";

let server: RedisServer;
let queue: TestQueue;
let ingest: TestIngest;

beforeAll(async () => {
  server = await startRedis();
  queue = openTestQueue(server.url);
  ingest = await startTestIngest({ redisUrl: server.url });
});
afterAll(async () => {
  await ingest.stop();
  await queue.close();
  await server.remove();
});

type Options = { headers?: Record<string, string>; path?: string; method?: string };
type Case = [name: string, body: unknown, code: ProblemCode, paths?: string[], options?: Options];

const id = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";
const good = message(id);
const withData = (data: Record<string, unknown>) => ({ ...good, data: { ...good.data, ...data } });
const at = (timestamp: unknown) => ({ ...creation(id), timestamp });
const without = (key: string, event: object) =>
  Object.fromEntries(Object.entries(event).filter(([name]) => name !== key));
const inADay = () => new Date(Date.now() + 25 * 3_600_000).toISOString().slice(0, -1);
const text = (value: string) => Buffer.from(value);

const cases: Case[] = [
  // Not JSON.
  ["an empty body", "", "MALFORMED_JSON", [""]],
  ["spaces alone", "   ", "MALFORMED_JSON", [""]],
  ["words", "hello", "MALFORMED_JSON", [""]],
  ["JSON cut short", '{"type":"NEW_CONVERSATION"', "MALFORMED_JSON", [""]],
  ["JSON with something after it", `${JSON.stringify(good)}x`, "MALFORMED_JSON", [""]],
  ["single quotes", "{'type':'NEW_CONVERSATION'}", "MALFORMED_JSON", [""]],
  ["NaN", "NaN", "MALFORMED_JSON", [""]],
  ["a form", "type=NEW_CONVERSATION", "MALFORMED_JSON", [""]],
  ["50,000 open brackets", "[".repeat(50_000), "MALFORMED_JSON", [""]],
  ["a line break inside a text", '{"type":"NEW\nCONVERSATION"}', "MALFORMED_JSON", [""]],
  [
    "bytes that are no UTF-8",
    Buffer.concat([text('{"type":"'), Buffer.from([0xff, 0xfe]), text('"}')]),
    "MALFORMED_JSON",
    [""],
  ],
  [
    "a character cut in half",
    Buffer.concat([text('{"a":"'), Buffer.from("é").subarray(0, 1), text('"}')]),
    "MALFORMED_JSON",
    [""],
  ],
  [
    "a surrogate in UTF-8",
    Buffer.concat([text('{"a":"'), Buffer.from([0xed, 0xa0, 0xbd]), text('"}')]),
    "MALFORMED_JSON",
    [""],
  ],
  ["Latin-1", Buffer.from(JSON.stringify(message(id, { content: "Olá" })), "latin1"), "MALFORMED_JSON", [""]],
  ["UTF-16", Buffer.from(JSON.stringify(good), "utf16le"), "MALFORMED_JSON", [""]],
  // JSON, and no event.
  ["null", "null", "INVALID_EVENT", [""]],
  ["a number", "5", "INVALID_EVENT", [""]],
  ["a text", '"NEW_CONVERSATION"', "INVALID_EVENT", [""]],
  ["true", "true", "INVALID_EVENT", [""]],
  ["an empty object", {}, "INVALID_EVENT", ["type"]],
  ["50,000 nested brackets", `${"[".repeat(50_000)}${"]".repeat(50_000)}`, "INVALID_EVENT", ["[0]"]],
  ["50,000 nested objects", `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`, "INVALID_EVENT", ["type"]],
  ["an event inside __proto__", `{"__proto__":${JSON.stringify(creation(id))}}`, "INVALID_EVENT", ["type"]],
  [
    "data inside __proto__",
    `{"type":"NEW_CONVERSATION","timestamp":"2025-02-21T10:20:41","data":{"__proto__":{"id":"${id}"}}}`,
    "INVALID_EVENT",
    ["data.id"],
  ],
  ["the type __proto__", { ...good, type: "__proto__" }, "INVALID_EVENT", ["type"]],
  ["the type constructor", { ...good, type: "constructor" }, "INVALID_EVENT", ["type"]],
  ["a type that does not exist", { ...good, type: "DELETE_MESSAGE" }, "INVALID_EVENT", ["type"]],
  ["a type in lower case", { ...good, type: "new_message" }, "INVALID_EVENT", ["type"]],
  ["a type that is null", { ...good, type: null }, "INVALID_EVENT", ["type"]],
  ["no type", without("type", good), "INVALID_EVENT", ["type"]],
  ["no timestamp", without("timestamp", good), "INVALID_EVENT", ["timestamp"]],
  ["no data", without("data", good), "INVALID_EVENT", ["data"]],
  ["data that is null", { ...good, data: null }, "INVALID_EVENT", ["data"]],
  ["data that is an array", { ...good, data: [] }, "INVALID_EVENT", ["data"]],
  ["data that is a text", { ...good, data: "x" }, "INVALID_EVENT", ["data"]],
  // Ids.
  ["no id", { ...creation(id), data: {} }, "INVALID_EVENT", ["data.id"]],
  ["an id that is a number", { ...creation(id), data: { id: 5 } }, "INVALID_EVENT", ["data.id"]],
  ["an id that is no UUID", { ...close(id), data: { id: "abc" } }, "INVALID_EVENT", ["data.id"]],
  ["an id with a space", withData({ id: `${id} ` }), "INVALID_EVENT", ["data.id"]],
  ["an id in braces", withData({ conversation_id: `{${id}}` }), "INVALID_EVENT", ["data.conversation_id"]],
  [
    "a message of no conversation",
    withData({ conversation_id: undefined }),
    "INVALID_EVENT",
    ["data.conversation_id"],
  ],
  [
    "a conversation that is an object",
    withData({ conversation_id: { id } }),
    "INVALID_EVENT",
    ["data.conversation_id"],
  ],
  // Direction and content.
  ["no direction", withData({ direction: undefined }), "INVALID_EVENT", ["data.direction"]],
  [
    "a direction that does not exist",
    withData({ direction: "INBOUND" }),
    "INVALID_EVENT",
    ["data.direction"],
  ],
  ["no content", withData({ content: undefined }), "INVALID_EVENT", ["data.content"]],
  ["empty content", withData({ content: "" }), "INVALID_EVENT", ["data.content"]],
  ["content that is a number", withData({ content: 5 }), "INVALID_EVENT", ["data.content"]],
  ["content that is an array", withData({ content: ["x"] }), "INVALID_EVENT", ["data.content"]],
  [
    "content of 65,537 characters",
    withData({ content: "x".repeat(65_537) }),
    "INVALID_EVENT",
    ["data.content"],
  ],
  ["content of 32,769 emoji", withData({ content: "😀".repeat(32_769) }), "INVALID_EVENT", ["data.content"]],
  ["U+0000 in content", withData({ content: "a\u0000b" }), "INVALID_EVENT", ["data.content"]],
  ["a lone high surrogate", withData({ content: "a\ud83d" }), "INVALID_EVENT", ["data.content"]],
  ["a lone low surrogate", withData({ content: "\ude00a" }), "INVALID_EVENT", ["data.content"]],
  [
    "surrogates the wrong way round",
    withData({ content: "\ude00\ud83d" }),
    "INVALID_EVENT",
    ["data.content"],
  ],
  [
    "all fields wrong at once",
    { type: "NEW_MESSAGE", timestamp: 1, data: { id: 1, direction: 1, content: 1, conversation_id: 1 } },
    "INVALID_EVENT",
    ["timestamp", "data.id", "data.direction", "data.content", "data.conversation_id"],
  ],
  // Timestamps.
  ["30 February", at("2025-02-30T10:20:41"), "INVALID_EVENT", ["timestamp"]],
  ["29 February of no leap year", at("2023-02-29T10:20:41"), "INVALID_EVENT", ["timestamp"]],
  ["hour 24", at("2025-02-21T24:00:00"), "INVALID_EVENT", ["timestamp"]],
  ["10 fraction digits", at("2025-02-21T10:20:41.1234567890"), "INVALID_EVENT", ["timestamp"]],
  ["a date without a time", at("2025-02-21"), "INVALID_EVENT", ["timestamp"]],
  ["a timestamp that is a number", at(1_740_133_242), "INVALID_EVENT", ["timestamp"]],
  ["an empty timestamp", at(""), "INVALID_EVENT", ["timestamp"]],
  ["a time zone's name", at("2025-02-21T10:20:41 America/Sao_Paulo"), "INVALID_EVENT", ["timestamp"]],
  ["a timestamp 25 hours ahead", at(inADay()), "INVALID_EVENT", ["timestamp"]],
  [
    "a timestamp ahead by centuries and an offset",
    at("9999-01-01T00:00:00-03:00"),
    "INVALID_EVENT",
    ["timestamp"],
  ],
  // Arrays.
  ["an empty array", [], "INVALID_EVENT", [""]],
  ["1,001 events", Array.from({ length: 1_001 }, () => creation(id)), "INVALID_EVENT", [""]],
  ["one bad event in three", [good, { ...good, type: "X" }, good], "INVALID_EVENT", ["[1].type"]],
  [
    "two bad events in three",
    [at("x"), good, withData({ content: "" })],
    "INVALID_EVENT",
    ["[0].timestamp", "[2].data.content"],
  ],
  ["an array with null", [good, null], "INVALID_EVENT", ["[1]"]],
  ["an array in an array", [[good]], "INVALID_EVENT", ["[0]"]],
  ["one event 25 hours ahead in two", [good, at(inADay())], "INVALID_EVENT", ["[1].timestamp"]],
  // Around the body.
  ["2 MB", withData({ content: "x".repeat(2_000_000) }), "BODY_TOO_LARGE"],
  ["one byte over the limit", `"${"x".repeat(1_048_575)}"`, "BODY_TOO_LARGE"],
  ["text/plain", good, "UNSUPPORTED_MEDIA_TYPE", undefined, { headers: { "content-type": "text/plain" } }],
  [
    "a form's content type",
    good,
    "UNSUPPORTED_MEDIA_TYPE",
    undefined,
    { headers: { "content-type": "application/x-www-form-urlencoded" } },
  ],
  [
    "another kind of JSON",
    good,
    "UNSUPPORTED_MEDIA_TYPE",
    undefined,
    { headers: { "content-type": "application/ld+json" } },
  ],
  [
    "a content type that is none",
    good,
    "UNSUPPORTED_MEDIA_TYPE",
    undefined,
    { headers: { "content-type": "json" } },
  ],
  ["an empty content type", good, "UNSUPPORTED_MEDIA_TYPE", undefined, { headers: { "content-type": "" } }],
  [
    "charset iso-8859-1",
    good,
    "UNSUPPORTED_MEDIA_TYPE",
    undefined,
    { headers: { "content-type": "application/json; charset=iso-8859-1" } },
  ],
  [
    "a compressed body",
    good,
    "UNSUPPORTED_MEDIA_TYPE",
    undefined,
    { headers: { "content-encoding": "gzip" } },
  ],
  ["GET", undefined, "METHOD_NOT_ALLOWED", undefined, { method: "GET" }],
  ["PUT", good, "METHOD_NOT_ALLOWED", undefined, { method: "PUT" }],
  ["DELETE", undefined, "METHOD_NOT_ALLOWED", undefined, { method: "DELETE" }],
  [
    "GET without the closing slash",
    undefined,
    "METHOD_NOT_ALLOWED",
    undefined,
    { method: "GET", path: "/webhook" },
  ],
  ["POST on a route that only reads", good, "METHOD_NOT_ALLOWED", undefined, { path: "/healthz" }],
  ["no route", good, "NOT_FOUND", undefined, { path: "/webhooks/" }],
  ["the root", undefined, "NOT_FOUND", undefined, { path: "/", method: "GET" }],
  ["a path that cannot be decoded", good, "NOT_FOUND", undefined, { path: "/%zz" }],
];

test.each(cases)("%s is refused", async (_name, body, code, paths, options) => {
  const answer = await ingest.post(body, options);
  expect(answer.body).toMatchObject({
    code,
    status: PROBLEMS[code].status,
    title: PROBLEMS[code].title,
    type: `urn:fio:problem:${code}`,
  });
  expect(answer.status).toBe(PROBLEMS[code].status);
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(answer.body.errors?.map(({ path }) => path)).toEqual(paths);
  for (const { message: told } of answer.body.errors ?? []) expect(told).not.toBe("");
  expect(answer.body).not.toHaveProperty("receipt");
});

test("a wrong method is told the right one", async () => {
  expect((await ingest.post(undefined, { method: "GET" })).headers.get("allow")).toBe("POST");
  expect((await ingest.post(good, { path: "/metrics" })).headers.get("allow")).toBe("GET, HEAD");
});

test("a missing content type is refused", async () => {
  const status = await new Promise((resolve, reject) => {
    const client = send(`${ingest.url}/webhook/`, { method: "POST" }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    client.on("error", reject).end(JSON.stringify(good));
  });
  expect(status).toBe(415);
});

test("a chunked body over the limit gets its 413 while the sender is still writing, on a connection that lives on", async () => {
  const answers: number[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = (write: (client: ReturnType<typeof send>) => void) =>
    new Promise<void>((resolve, reject) => {
      const options = { method: "POST", agent, headers: { "content-type": "application/json" } };
      const client = send(`${ingest.url}/webhook/`, options, (response) => {
        answers.push(response.statusCode ?? 0);
        response.resume().on("end", resolve);
      });
      write(client.on("error", reject));
    });
  await post((client) => {
    const part = "x".repeat(64 * 1024);
    const writeOn = (left: number): void => {
      if (left === 0) client.end();
      else client.write(part, () => writeOn(left - 1));
    };
    writeOn(64);
  });
  await post((client) => client.end(JSON.stringify(creation(randomUUID()))));
  agent.destroy();
  expect(answers).toEqual([413, 202]);
});

test("a body with an endless length is cut off in the end", async () => {
  const broken = await new Promise<boolean>((resolve) => {
    const options = { method: "POST", headers: { "content-type": "application/json" } };
    const client = send(`${ingest.url}/webhook/`, options, (response) => response.resume());
    const part = Buffer.alloc(1024 * 1024, 120);
    let sent = 0;
    const writeOn = (): void => {
      if (sent++ > 1_000) resolve(false);
      else client.write(part, (error) => (error ? resolve(true) : writeOn()));
    };
    client.on("error", () => resolve(true));
    writeOn();
  });
  expect(broken).toBe(true);
});

test("refusals are counted by their code", async () => {
  const metrics = await ingest.metrics();
  for (const code of [
    "MALFORMED_JSON",
    "INVALID_EVENT",
    "BODY_TOO_LARGE",
    "NOT_FOUND",
    "METHOD_NOT_ALLOWED",
  ]) {
    expect(metrics).toMatch(new RegExp(`^fio_ingest_refused_total{code="${code}"} [1-9]`, "m"));
  }
});

test("after all of them good ones are taken, and nothing else was", async () => {
  await queue.empty();
  const posted = [creation(id), message(id, { content: "  two\r\n👩‍👩‍👧 مرحبا" }), close(id)];
  expect((await ingest.post(posted[0])).status).toBe(202);
  expect((await ingest.post(posted, { path: "/webhook" })).status).toBe(202);
  const types = ["application/json; charset=UTF-8", 'Application/JSON; charset="utf-8"'];
  for (const type of types) {
    expect((await ingest.post(posted[1], { headers: { "content-type": type } })).status).toBe(202);
  }
  const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), text(JSON.stringify(posted[2]))]);
  expect((await ingest.post(marked)).status).toBe(202);
  const taken = (await queue.events()).map(({ event }) => event);
  const normalised = posted.map((event) => ({ ...event, timestamp: `${event.timestamp}Z` }));
  expect(taken).toEqual([normalised[0], ...normalised, normalised[1], normalised[1], normalised[2]]);
});
