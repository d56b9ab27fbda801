import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { creation, message } from "../../../test/support/events.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { hubSignature } from "../../../test/support/sign.ts";
import { openTestQueue, startTestIngest, type TestIngest, type TestQueue } from "./testing/start.ts";

let server: RedisServer;
let queue: TestQueue;
let ingest: TestIngest;
let open: TestIngest;
const [SENDER, WEB] = ["what senders sign with", "what the web app signs with"];
const author = { id: "ana", name: "Ana Lima" };

beforeAll(async () => {
  server = await startRedis();
  queue = openTestQueue(server.url);
  ingest = await startTestIngest({
    redisUrl: server.url,
    env: { WEBHOOK_SECRETS: SENDER, WEB_SECRETS: WEB },
  });
  open = await startTestIngest({ redisUrl: server.url });
});
afterAll(async () => {
  await ingest.stop();
  await open.stop();
  await queue.close();
  await server.remove();
});

const written = (by: unknown) => {
  const event = message(randomUUID(), { direction: "SENT" });
  return { ...event, data: { ...event.data, author: by } };
};
const postAs = (to: TestIngest, secret: string | null, body: unknown) => {
  const text = JSON.stringify(body);
  return to.post(text, secret === null ? {} : { headers: hubSignature(text, secret) });
};
const queued = async (receipt: unknown) =>
  (await queue.events()).find((one) => one.receipt === receipt)?.event;
const ignored = async (of: TestIngest): Promise<string | undefined> => {
  const text = await (await fetch(`${of.url}/metrics`)).text();
  return /^fio_ingest_ignored_authors_total (\d+)$/m.exec(text)?.[1];
};

test("who wrote a message is taken from the web app", async () => {
  const before = await ignored(ingest);
  const { body } = await postAs(ingest, WEB, written({ ...author, more: true }));
  expect(await queued(body.receipt)).toMatchObject({ data: { author } });
  expect(((await queued(body.receipt)) as { data: { author: object } }).data.author).toEqual(author);
  expect(await ignored(ingest)).toBe(before);
});

test("from everyone else it is ignored, whatever it holds, and counted", async () => {
  for (const [to, secret] of [
    [ingest, SENDER],
    [open, null],
  ] as const) {
    const before = Number(await ignored(to));
    for (const by of [author, "Ana", null, { id: "" }]) {
      const { status, body } = await postAs(to, secret, written(by));
      expect(status).toBe(202);
      expect(((await queued(body.receipt)) as { data: object }).data).not.toHaveProperty("author");
    }
    expect((await postAs(to, secret, [creation(), written(author), written(author)])).status).toBe(202);
    expect((await postAs(to, secret, creation())).status).toBe(202);
    expect(Number(await ignored(to)) - before).toBe(6);
  }
});

test.each([
  ["no name", { id: "ana" }, "data.author.name"],
  ["an empty id", { id: "", name: "Ana" }, "data.author.id"],
  ["a name that is too long", { id: "ana", name: "a".repeat(201) }, "data.author.name"],
  ["U+0000", { id: "ana", name: "A\u0000na" }, "data.author.name"],
  ["null for nobody", null, "data.author"],
])("an author of the web app with %s is malformed", async (_name, by, path) => {
  const { status, body } = await postAs(ingest, WEB, written(by));
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: "INVALID_EVENT", errors: [{ path }] });
});
