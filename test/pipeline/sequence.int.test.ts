import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { clientOf, type Client } from "../support/client.ts";
import { close, creation, message } from "../support/events.ts";
import { startSystem, type System } from "../support/system.ts";

let system: System;
let fio: Client;

beforeAll(async () => {
  system = await startSystem();
  fio = clientOf(system);
});
afterAll(() => system.remove());

const soon = { timeout: 20_000, interval: 50 };
const c = randomUUID();
const first = message(c);
const second = message(c, {
  direction: "SENT",
  content: "Tudo ótimo e você?",
  timestamp: "2025-02-21T10:20:44.349308",
});

describe("the sequence of a conversation, with Prefer: wait=10", () => {
  const wait = { wait: 10 };

  test("a creation is answered 201 and says that it waited", async () => {
    const answer = await fio.post(creation(c), wait);
    expect(answer).toMatchObject({
      status: 201,
      body: { status: "applied", receipt: expect.any(String) as unknown },
    });
    expect(answer.headers.get("preference-applied")).toBe("wait=10");
  });
  test("the same again is answered 200", async () => {
    expect(await fio.post(creation(c), wait)).toMatchObject({ status: 200, body: { status: "duplicate" } });
  });
  test("the same id with another timestamp is refused, 409", async () => {
    expect(await fio.post(creation(c, "2025-02-21T10:20:41.349309"), wait)).toMatchObject({
      status: 409,
      body: { code: "CONVERSATION_ALREADY_EXISTS" },
    });
  });
  test("messages of either direction are answered 201, the same again 200", async () => {
    expect(await fio.post(first, wait)).toMatchObject({ status: 201, body: { status: "applied" } });
    expect(await fio.post(second, wait)).toMatchObject({ status: 201, body: { status: "applied" } });
    expect(await fio.post(second, wait)).toMatchObject({ status: 200, body: { status: "duplicate" } });
  });
  test("a message id with another text is refused, 409", async () => {
    const other = { ...first, data: { ...first.data, content: "Outra coisa" } };
    expect(await fio.post(other, wait)).toMatchObject({ status: 409, body: { code: "MESSAGE_ID_CONFLICT" } });
  });
  test("the close is answered 200", async () => {
    expect(await fio.post(close(c), wait)).toMatchObject({ status: 200, body: { status: "applied" } });
  });
  test("a message after the close is refused, 400", async () => {
    expect(await fio.post(message(c), wait)).toMatchObject({
      status: 400,
      body: { code: "CONVERSATION_CLOSED" },
    });
  });
  test("another close is refused, 400", async () => {
    expect(await fio.post(close(c, "2025-02-21T10:20:46.000000"), wait)).toMatchObject({
      status: 400,
      body: { code: "CONVERSATION_ALREADY_CLOSED" },
    });
  });
  test("the conversation is read as it was told, to the microsecond", async () => {
    const { status, body } = await fio.conversation(c);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: c,
      state: "CLOSED",
      created_at: "2025-02-21T10:20:41.349308Z",
      closed_at: "2025-02-21T10:20:45.349308Z",
      message_count: 2,
      last_message_at: "2025-02-21T10:20:44.349308Z",
      messages: [
        { id: first.data["id"], direction: "RECEIVED", content: "Olá, tudo bem?" },
        { id: second.data["id"], direction: "SENT", content: "Tudo ótimo e você?" },
      ],
    });
  });
  test("an unknown conversation is 404 on reading", async () => {
    expect(await fio.conversation(randomUUID())).toMatchObject({
      status: 404,
      body: { code: "CONVERSATION_NOT_FOUND" },
    });
  });
  test("an array is answered 200 with one result each", async () => {
    const id = randomUUID();
    const answer = await fio.post([creation(id), message(id), close(id), message(id)], wait);
    expect(answer.status).toBe(200);
    expect(answer.body["results"]).toMatchObject([
      { status: "applied" },
      { status: "applied" },
      { status: "applied" },
      { status: "rejected", problem: { code: "CONVERSATION_CLOSED" } },
    ]);
  });
});

test("without Prefer every valid event is answered 202, whatever becomes of it, and all of it is in the history", async () => {
  const id = randomUUID();
  const said = message(id);
  const late = message(id);
  const all = [
    creation(id),
    creation(id),
    creation(id, "2025-02-21T10:20:41.349309"),
    said,
    said,
    { ...said, data: { ...said.data, content: "Outra coisa" } },
    close(id),
    late,
    close(id, "2025-02-21T10:20:46.000000"),
  ];
  const receipts: string[] = [];
  for (const event of all) {
    const answer = await fio.post(event);
    expect(answer).toMatchObject({ status: 202, body: { status: "accepted" } });
    receipts.push(String(answer.body["receipt"]));
  }
  expect(receipts).toEqual([...new Set(receipts)].sort());
  await vi.waitFor(async () => {
    const { body } = await fio.history(id);
    expect(body.map(({ receipt, outcome, reason }) => [receipt, reason ?? outcome]).reverse()).toEqual([
      [receipts[0], "applied"],
      [receipts[2], "CONVERSATION_ALREADY_EXISTS"],
      [receipts[3], "applied"],
      [receipts[5], "MESSAGE_ID_CONFLICT"],
      [receipts[6], "applied"],
      [receipts[7], "CONVERSATION_CLOSED"],
      [receipts[8], "CONVERSATION_ALREADY_CLOSED"],
    ]);
  }, soon);
  expect((await fio.event("NEW_MESSAGE", String(late.data["id"]))).body).toMatchObject({
    outcome: "rejected",
    reason: "CONVERSATION_CLOSED",
  });
});
