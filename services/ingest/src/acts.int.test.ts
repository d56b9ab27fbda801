import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { creation } from "../../../test/support/events.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { hubSignature } from "../../../test/support/sign.ts";
import { openTestQueue, startTestIngest, type TestIngest, type TestQueue } from "./testing/start.ts";

let server: RedisServer;
let queue: TestQueue;
const SENDER = "what senders sign with";
const [WEB, NEXT] = ["what the web app signs with", "what it will sign with"];

/** One where senders sign, and one where they need not. */
let closed: TestIngest;
let open: TestIngest;

beforeAll(async () => {
  server = await startRedis();
  queue = openTestQueue(server.url);
  closed = await startTestIngest({
    redisUrl: server.url,
    env: { WEBHOOK_SECRETS: SENDER, WEB_SECRETS: `${WEB}, ${NEXT}` },
  });
  open = await startTestIngest({ redisUrl: server.url, env: { WEB_SECRETS: WEB } });
});
afterAll(async () => {
  await closed.stop();
  await open.stop();
  await queue.close();
  await server.remove();
});

const act = (more: Record<string, unknown> = {}) => ({
  type: "RESOLVE_REJECTION",
  timestamp: "2025-02-21T10:20:42.349308",
  data: { receipt: "1740133242349308", conversation_id: randomUUID(), how: "seen", ...more },
});
const postAs = (ingest: TestIngest, secret: string | null, body: unknown) => {
  const text = JSON.stringify(body);
  return ingest.post(text, secret === null ? {} : { headers: hubSignature(text, secret) });
};

test("what the web app signs is taken with either of its secrets, acts and all else", async () => {
  for (const secret of [WEB, NEXT]) {
    expect((await postAs(closed, secret, act())).status).toBe(202);
    expect((await postAs(closed, secret, [creation(), act()])).status).toBe(202);
  }
  expect((await postAs(open, WEB, act())).status).toBe(202);
});

test("an act reaches the queue as it was posted, without what it need not have", async () => {
  const to = randomUUID();
  const given = act({ how: "carried", carried_to: to.toUpperCase(), more: true });
  const { body } = await postAs(closed, WEB, given);
  const queued = (await queue.events()).find(({ receipt }) => receipt === body.receipt);
  expect(queued?.event).toEqual({
    type: "RESOLVE_REJECTION",
    timestamp: "2025-02-21T10:20:42.349308Z",
    data: {
      receipt: "1740133242349308",
      conversation_id: given.data.conversation_id,
      how: "carried",
      carried_to: to,
    },
  });
});

test.each([
  ["a sender's signature", () => postAs(closed, SENDER, act()), "type"],
  ["no signature, where none is needed", () => postAs(open, null, act()), "type"],
  ["a wrong signature, where none is needed", () => postAs(open, "another", act()), "type"],
  ["a sender's signature, in an array", () => postAs(closed, SENDER, [creation(), act()]), "[1].type"],
])("an act with %s is refused, and nothing is taken", async (_name, post, path) => {
  const before = (await queue.events()).length;
  const { status, body } = await post();
  expect(status).toBe(403);
  expect(body).toMatchObject({ code: "NOT_AN_AGENT", errors: [{ path }] });
  expect(await queue.events()).toHaveLength(before);
});

test("an assignment is an act: taken from the web app with the agent's name, refused from everyone else", async () => {
  const assignment = (agent: unknown) => ({
    type: "ASSIGN_CONVERSATION",
    timestamp: "2025-02-21T10:20:42.349308",
    data: { id: randomUUID(), agent },
  });
  const ana = { id: "ana", name: "Ana", more: true };
  const { status, body } = await postAs(closed, WEB, assignment(ana));
  expect(status).toBe(202);
  const queued = (await queue.events()).find(({ receipt }) => receipt === body.receipt);
  expect(queued?.event).toMatchObject({ data: { agent: { id: "ana", name: "Ana" } } });
  expect((await postAs(closed, WEB, assignment(null))).status).toBe(202);
  for (const wrong of [undefined, "ana", { id: "ana" }, { id: "", name: "" }])
    expect((await postAs(closed, WEB, assignment(wrong))).status).toBe(400);
  for (const post of [postAs(closed, SENDER, assignment(ana)), postAs(open, null, assignment(null))])
    expect(await post).toMatchObject({ status: 403, body: { code: "NOT_AN_AGENT" } });
});

test("where senders need not sign, what they post is taken as before", async () => {
  expect((await postAs(open, null, creation())).status).toBe(202);
  expect((await postAs(open, "another", creation())).status).toBe(202);
  expect((await postAs(closed, null, creation())).status).toBe(401);
  expect((await postAs(closed, "another", act())).status).toBe(401);
});

test.each([
  ["no receipt", { receipt: undefined }, "data.receipt"],
  ["a receipt that is none", { receipt: "17" }, "data.receipt"],
  ["no conversation", { conversation_id: undefined }, "data.conversation_id"],
  ["another way", { how: "ignored" }, "data.how"],
  ["no conversation that it was carried to", { how: "carried" }, "data.carried_to"],
])("an act with %s is malformed", async (_name, more, path) => {
  const { status, body } = await postAs(closed, WEB, act(more));
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: "INVALID_EVENT", errors: [{ path }] });
});
