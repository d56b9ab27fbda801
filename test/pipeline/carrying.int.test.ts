import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { timestampOf, type Conversation, type Receipt, type Rejection, type Result } from "@fio/contracts";
import { createApi } from "../../services/web/server/api.ts";
import { carryOver, markSeen } from "../../services/web/server/carry.ts";
import { createIngest } from "../../services/web/server/ingest.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { migrate } from "../../services/conversations/src/store/migrate.ts";
import { sqliteDatabase, type Database } from "../support/databases.ts";
import { request } from "../support/client.ts";
import { close, creation, message } from "../support/events.ts";
import { hubSignature } from "../support/sign.ts";
import { until } from "../support/until.ts";
import { startSystem, type System } from "../support/system.ts";

/* As agents have it: in production, where nobody may write as if they were the customer. */

const SENDER = "what senders sign with";
const WEB = "what the web app signs with";
const TOKEN = "a-token-of-readers";

let database: Database;
let system: System;

beforeAll(async () => {
  database = await sqliteDatabase();
  // In production nobody does it on the way.
  const store = openStore(database.url);
  await migrate(store);
  await store.close();
  system = await startSystem({
    web: true,
    databaseUrl: database.url,
    env: {
      NODE_ENV: "production",
      SIGN_IN: "off",
      WEBHOOK_SECRETS: SENDER,
      WEB_SECRETS: WEB,
      API_TOKENS: TOKEN,
    },
  });
}, 60_000);
afterAll(async () => {
  await system.remove();
  await database.remove();
});

const postAs = async (secret: string, ...events: object[]): Promise<Result[]> => {
  const text = JSON.stringify(events);
  const headers = { ...hubSignature(text, secret), prefer: "wait=20" };
  const { body } = await request<{ results: Result[] }>(`${system.ingestUrl}/webhook/`, {
    body: text,
    headers,
  });
  return body.results;
};
const post = (...events: object[]): Promise<Result[]> => postAs(SENDER, ...events);
const read = async <Body>(path: string): Promise<Body> =>
  (await request<Body>(`${system.apiUrl}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } })).body;
const threadOf = (id: string) => read<Conversation>(`/conversations/${id}/`);
const unresolved = (id: string) => read<Rejection[]>(`/rejections?unresolved=true&conversation=${id}`);

const postForm = async (path: string, fields: Record<string, string>) => {
  const answer = await fetch(`${system.webUrl}${path}`, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: system.webUrl },
    body: new URLSearchParams(fields).toString(),
  });
  return { status: answer.status, location: answer.headers.get("location"), text: await answer.text() };
};
type Acted = { kind: string; to?: string };
/** As the page's script does it: the answer says where, and opens nothing. */
const carry = async (receipt: string): Promise<Acted> =>
  JSON.parse((await postForm("/data/rejections", { receipt, act: "carry" })).text) as Acted;

/** A closed conversation to which a customer wrote these. */
async function closedWith(...texts: string[]): Promise<{ id: string; receipts: Receipt[] }> {
  const id = randomUUID();
  await post(creation(id), close(id));
  return { id, receipts: await late(id, ...texts) };
}
async function late(id: string, ...texts: string[]): Promise<Receipt[]> {
  const results = await post(...texts.map((content) => message(id, { content })));
  expect(results.map(({ status }) => status)).toEqual(texts.map(() => "rejected"));
  return results.map(({ receipt }) => receipt);
}
const textsOf = ({ messages }: Conversation): string[] => messages.map(({ content }) => content);

test("what is carried stays its customer's", async () => {
  const id = randomUUID();
  const contact = { channel: "whatsapp:551140001234", id: `5511${id}`, name: "Ana Souza" };
  await post({ ...creation(id), data: { id, contact } }, close(id));
  const [receipt] = await late(id, "Oi");
  const { to } = await carry(receipt!);
  expect((await threadOf(to!)).contact).toMatchObject(contact);
});

test("what a customer wrote after the close is carried over together, in order, and linked both ways", async () => {
  const { id, receipts } = await closedWith("Oi", "ainda está aí?", "preciso de ajuda");
  const { status, location } = await postForm("/rejections", {
    receipt: receipts[1]!,
    act: "carry",
    text: "words that nobody sent",
    direction: "SENT",
  });
  expect(status).toBe(302);
  const to = location!.split("/").at(-1)!;
  const carried = await threadOf(to);
  expect(textsOf(carried)).toEqual(["Oi", "ainda está aí?", "preciso de ajuda"]);
  expect(carried.messages.map(({ direction }) => direction)).toEqual(["RECEIVED", "RECEIVED", "RECEIVED"]);
  expect(carried.carried_from).toEqual([{ conversation_id: id, receipts }]);
  expect(carried.waiting_since).not.toBeNull();
  for (const receipt of receipts) {
    const { resolution } = await read<Rejection>(`/rejections/${receipt}`);
    expect(resolution).toMatchObject({ how: "carried", carried_to: to });
  }
  expect(await unresolved(id)).toEqual([]);
  expect((await threadOf(id)).waiting_since).toBeNull();
});

test("twice, in turn and by two tabs at once, makes one", async () => {
  const { receipts } = await closedWith("um", "dois");
  const answers = await Promise.all([...receipts, ...receipts].map(carry));
  answers.push(await carry(receipts[0]!));
  const [first] = answers;
  expect(first).toMatchObject({ kind: "carried" });
  expect(answers).toEqual(answers.map(() => first));
  const { to: conversation } = first as { to: string };
  expect(textsOf(await threadOf(conversation))).toEqual(["um", "dois"]);
});

test("a further message goes to the same conversation while that is open, and then to a new one", async () => {
  const { id, receipts } = await closedWith("um");
  const first = (await carry(receipts[0]!)) as { to: string };
  const [second] = await late(id, "dois");
  expect(await carry(second!)).toEqual({ kind: "carried", to: first.to });
  expect(textsOf(await threadOf(first.to))).toEqual(["um", "dois"]);
  await post(close(first.to));
  const [third] = await late(id, "três");
  const next = (await carry(third!)) as { to: string };
  expect(next.to).not.toBe(first.to);
  expect(textsOf(await threadOf(next.to))).toEqual(["três"]);
});

test("one that is marked as seen to is carried with no other, and is to be resolved no more", async () => {
  const { id, receipts } = await closedWith("obrigado", "e o pedido?");
  expect((await postForm("/data/rejections", { receipt: receipts[0]!, act: "seen" })).status).toBe(200);
  expect((await unresolved(id)).map(({ receipt }) => receipt)).toEqual([receipts[1]]);
  const { to: conversation } = (await carry(receipts[1]!)) as { to: string };
  expect(textsOf(await threadOf(conversation))).toEqual(["e o pedido?"]);
});

test("without the simulator no form stores a customer's words that nobody sent", async () => {
  const id = randomUUID();
  await post(creation(id));
  for (const path of ["/conversations/new", `/conversations/${id}`]) {
    const forged = { content: "Pode cancelar", direction: "RECEIVED" };
    expect((await postForm(path, forged)).status).toBe(400);
  }
  expect(textsOf(await threadOf(id))).toEqual([]);
  expect(await carry("1740133242349308")).toEqual({ kind: "gone" });
  for (const receipt of ["x", ""]) expect(await carry(receipt)).toMatchObject({ kind: "failed" });
  const begun = await postForm("/conversations/new", { content: "Olá" });
  expect(begun.status).toBe(302);
  const own = begun.location!.split("/").at(-1)!;
  expect((await threadOf(own)).messages).toMatchObject([{ direction: "SENT", content: "Olá" }]);
});

const ana = { id: "ana", name: "Ana Lima" };
const answerOf = (id: string) => {
  const event = message(id, { direction: "SENT" });
  return { ...event, data: { ...event.data, author: ana } };
};

test("an agent's answer that is carried over is still that agent's", async () => {
  const { id } = await closedWith("Oi");
  const [refused] = await postAs(WEB, answerOf(id));
  const { to } = (await carry(refused!.receipt)) as { to: string };
  expect((await threadOf(to)).messages).toMatchObject([{ direction: "SENT", author: ana }]);
});

test("the file of a message that is carried over goes with it", async () => {
  const { id } = await closedWith("Oi");
  const media = { kind: "image", url: "https://files.example.com/1", mime_type: "image/jpeg" };
  const event = message(id, { content: "Foto" });
  const [refused] = await postAs(WEB, { ...event, data: { ...event.data, media } });
  const { to } = (await carry(refused!.receipt)) as { to: string };
  expect((await threadOf(to)).messages).toMatchObject([{ direction: "RECEIVED", content: "Oi" }, { media }]);
});

test("a browser cannot say which agent wrote a message", async () => {
  const id = randomUUID();
  await post(creation(id));
  const answer = await fetch(`${system.webUrl}/data/events`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: system.webUrl },
    body: JSON.stringify(answerOf(id)),
  });
  expect(answer.status).toBe(200);
  await until(async () => (await threadOf(id)).messages.length === 1, { what: "its message" });
  expect((await threadOf(id)).messages[0]).not.toHaveProperty("author");
});

/** The server's side, with ingest as `webhook` answers for it; the count is of requests to it. */
function onServer(webhook: (count: number, send: () => Promise<Response>) => Promise<Response>) {
  let count = 0;
  const api = createApi({ url: system.apiUrl, token: TOKEN, call: fetch });
  const ingest = createIngest({
    url: system.ingestUrl,
    key: Buffer.from(WEB),
    call: (input, init) => webhook((count += 1), () => fetch(input, init)),
    now: Date.now,
  });
  return { api, ingest, stamp: () => timestampOf(Date.now()) };
}
const away = (): Promise<Response> => Promise.reject(new Error("connect ECONNREFUSED"));

test("when ingest is away nothing is lost, and the answer says so", async () => {
  const { id, receipts } = await closedWith("Oi");
  const dependencies = onServer(away);
  const failed = { kind: "failed", reason: "queue", conversation: null };
  expect(await carryOver(dependencies, receipts[0]!)).toEqual(failed);
  expect(await markSeen(dependencies, receipts[0]!)).toEqual(failed);
  expect(await unresolved(id)).toHaveLength(1);
});

test.each([
  ["before the acts", (count: number, send: () => Promise<Response>) => (count === 1 ? send() : away())],
  [
    "after the messages, whose answer is lost",
    async (count: number, send: () => Promise<Response>) => {
      if (count > 1) return away();
      await send();
      return away();
    },
  ],
])("a call that ends %s is gone on with by the next one", async (_name, webhook) => {
  const { id, receipts } = await closedWith("um", "dois");
  const broken = await carryOver(onServer(webhook), receipts[1]!);
  expect(broken).toMatchObject({ kind: "failed", reason: "queue" });
  expect(await unresolved(id)).toHaveLength(2);
  // Meanwhile another one comes.
  await late(id, "três");
  const { to: conversation } = (await carry(receipts[0]!)) as { to: string };
  expect(textsOf(await threadOf(conversation))).toEqual(["um", "dois", "três"]);
  expect(await unresolved(id)).toEqual([]);
});

test("what an unfinished call has carried into a conversation that was closed meanwhile stays there", async () => {
  const { id, receipts } = await closedWith("um", "dois");
  const broken = await carryOver(
    onServer((count, send) => (count === 1 ? send() : away())),
    receipts[0]!,
  );
  const { conversation: first } = broken as { conversation: string };
  await post(close(first));
  const [third] = await late(id, "três");
  const next = (await carry(third!)) as { to: string };
  expect(textsOf(await threadOf(first))).toEqual(["um", "dois"]);
  expect(textsOf(await threadOf(next.to))).toEqual(["três"]);
  expect(await unresolved(id)).toEqual([]);
  expect((await threadOf(first)).carried_from).toEqual([{ conversation_id: id, receipts }]);
});

test("a conversation that is closed while messages are carried into it leaves none of them unanswered", async () => {
  const { id, receipts } = await closedWith("um");
  const { to: target } = (await carry(receipts[0]!)) as { to: string };
  const [second] = await late(id, "dois");
  const raced = await carryOver(
    onServer(async (count, send) => {
      if (count === 1) await post(close(target));
      return send();
    }),
    second!,
  );
  expect(raced).toMatchObject({ kind: "carried" });
  const { conversation } = raced as { conversation: string };
  expect(conversation).not.toBe(target);
  expect(textsOf(await threadOf(conversation))).toEqual(["dois"]);
  for (const one of [id, target]) expect(await unresolved(one)).toEqual([]);
});

test("with another secret than ingest's the messages are not marked, and that is told", async () => {
  const { receipts } = await closedWith("Oi");
  const { api, stamp } = onServer(away);
  const ingest = createIngest({
    url: system.ingestUrl,
    key: Buffer.from(SENDER),
    call: fetch,
    now: Date.now,
  });
  expect(await markSeen({ api, ingest, stamp }, receipts[0]!)).toEqual({
    kind: "failed",
    reason: "refused",
    code: "NOT_AN_AGENT",
    conversation: null,
  });
});
