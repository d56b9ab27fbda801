import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  higherState,
  reasonToWait,
  type MessageState,
  conversationIdOf,
  isAct,
  type AcceptedEvent,
  type Receipt,
  type WebhookEvent,
} from "@fio/contracts";
import { byReceipt, settle } from "../../services/conversations/src/domain/index.ts";
import { webhookEvents } from "../../services/conversations/src/domain/testing/histories.ts";
import { ownIds } from "../../services/conversations/src/domain/testing/own-ids.ts";
import { clientOf, type Client } from "../support/client.ts";
import { creation, message } from "../support/events.ts";
import { hubSignature } from "../support/sign.ts";
import { startSystem, type System } from "../support/system.ts";

let system: System;
let fio: Client;

beforeAll(async () => {
  system = await startSystem({
    ingests: 2,
    roles: ["all", "worker"],
    env: { WAIT_GRACE_SECONDS: "0", WEB_SECRETS: WEB_SECRET },
  });
  fio = clientOf(system);
});
afterAll(() => system.remove());

const WEB_SECRET = "what the web app signs with";
const HISTORIES = 150;
const AT_ONCE = 15;
const EVENTS = 12;
const soon = { timeout: 60_000, interval: 200 };

test("random histories, sent at once over many connections, end as if applied one by one in the order of receipts", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const drawn = fc.sample(fc.array(webhookEvents(1), { minLength: EVENTS, maxLength: EVENTS }), {
    numRuns: HISTORIES,
    seed,
  });
  for (let from = 0; from < HISTORIES; from += AT_ONCE) {
    const accepted = await Promise.all(
      drawn.slice(from, from + AT_ONCE).map((events) => send(events.map(ownIds().renamed))),
    );
    for (const history of accepted) {
      await vi.waitFor(async () => {
        expect(await stored(history), `seed ${seed}`).toEqual(oneByOne(history));
      }, soon);
    }
  }
}, 300_000);

test("a message id that two conversations use is in the store once", async () => {
  const [a, b] = [randomUUID(), randomUUID()];
  const id = randomUUID();
  await fio.post([creation(a), creation(b)], { wait: 10 });
  const answers = await Promise.all([
    fio.post(message(a, { id }), { wait: 10 }),
    fio.post(message(b, { id }), { wait: 10 }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  const threads = await Promise.all([fio.conversation(a), fio.conversation(b)]);
  expect(threads.flatMap(({ body }) => body.messages).map((one) => one.id)).toEqual([id]);
  expect((await fio.event("NEW_MESSAGE", id)).body).toMatchObject({
    outcome: "applied",
    others: [{ outcome: "rejected", reason: "MESSAGE_ID_CONFLICT" }],
  });
});

/** Every event in a request of its own, all at once, over both ingests. */
async function send(events: readonly WebhookEvent[]): Promise<AcceptedEvent[]> {
  const accepted = await Promise.all(
    events.map(async (event, index) => {
      const ingestUrl = system.ingests[index % 2]?.url ?? "";
      const body = JSON.stringify(event);
      // What agents do only their own web app may say.
      const headers = isAct(event) ? hubSignature(body, WEB_SECRET) : {};
      const { status, body: answer } = await clientOf({ ingestUrl, apiUrl: system.apiUrl }, headers).post(
        body,
      );
      expect(status).toBe(202);
      return { receipt: answer["receipt"] as Receipt, event: withoutAuthor(event) };
    }),
  );
  return accepted.sort(byReceipt);
}

/** Whoever is not the web app names no author: it is ignored. */
function withoutAuthor(event: WebhookEvent): WebhookEvent {
  if (event.type !== "NEW_MESSAGE") return event;
  const { author: _ignored, ...data } = event.data;
  return { ...event, data };
}

const conversationOf = ([first]: readonly AcceptedEvent[]): string => {
  return first === undefined ? "" : conversationIdOf(first.event);
};

/** What the law says of it: every event that is kept with its outcome, and what the conversation shows. */
function oneByOne(history: readonly AcceptedEvent[]) {
  const outcomes = settle(history);
  const kept = history.flatMap(({ receipt }) => {
    const outcome = outcomes.get(receipt);
    if (outcome === undefined || outcome.kind === "duplicate") return [];
    if (outcome.kind === "waiting") return [[receipt, reasonToWait(outcome)]];
    return [[receipt, outcome.kind === "rejected" ? outcome.reason : "applied"]];
  });
  const applied = history.filter(({ receipt }) => outcomes.get(receipt)?.kind === "applied");
  const of = (type: string) => applied.find(({ event }) => event.type === type)?.event.timestamp;
  const createdAt = of("NEW_CONVERSATION");
  const closedAt = of("CLOSE_CONVERSATION");
  const stateOf = (message: string): MessageState | undefined =>
    applied
      .flatMap(({ event }) => (event.type === "MESSAGE_STATUS" ? [event] : []))
      .filter(({ data }) => data.message_id === message)
      .map(({ timestamp, data: { status, detail } }): MessageState => ({
        ...{ status, timestamp },
        ...(detail === undefined ? {} : { detail }),
      }))
      .reduce<MessageState | undefined>(higherState, undefined);
  const messages = applied
    .flatMap(({ receipt, event }) => (event.type === "NEW_MESSAGE" ? [{ receipt, event }] : []))
    .toSorted((a, b) => order(a.event.timestamp, b.event.timestamp) || order(a.receipt, b.receipt))
    .map(({ receipt, event: { timestamp, data } }) => {
      const { id, direction, content, media } = data;
      const state = stateOf(id);
      return {
        ...{ id, direction, content, timestamp, receipt },
        ...(media === undefined ? {} : { media }),
        ...(state === undefined ? {} : { state }),
      };
    });
  if (createdAt === undefined) return { kept, thread: null };
  const assigned = applied.findLast(({ event }) => event.type === "ASSIGN_CONVERSATION")?.event;
  return {
    kept,
    thread: {
      assigned_to: assigned?.type === "ASSIGN_CONVERSATION" ? assigned.data.agent : null,
      state: closedAt === undefined ? "OPEN" : "CLOSED",
      created_at: createdAt,
      closed_at: closedAt ?? null,
      message_count: messages.length,
      messages,
    },
  };
}

async function stored(history: readonly AcceptedEvent[]): Promise<ReturnType<typeof oneByOne>> {
  const id = conversationOf(history);
  const thread = await fio.conversation(id);
  if (thread.status !== 200) {
    // Of a conversation that nobody has created all that is kept are rejections (the grace is 0).
    const { body } = await fio.rejections(`?conversation=${id}`);
    return { kept: body.map(({ receipt, reason }) => [receipt, reason]).reverse(), thread: null };
  }
  const entries = await fio.history(id);
  const { assigned_to = null, state, created_at, closed_at, message_count, messages } = thread.body;
  return {
    kept: entries.body.map(({ receipt, outcome, reason }) => [receipt, reason ?? outcome]).reverse(),
    thread: { assigned_to, state, created_at, closed_at, message_count, messages },
  };
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
