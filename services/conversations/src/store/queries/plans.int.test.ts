import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import { afterAll, beforeAll, expect, test } from "vitest";
import { receiptOf, timestampOf, type Receipt, type Timestamp } from "@fio/contracts";
import { forEachDatabase } from "../../../../../test/support/databases.ts";
import type { Store } from "../connect.ts";
import { oldUnapplied, quietConversations } from "../quiet.ts";
import { highestReceipt } from "../receipts.ts";
import { migratedStore } from "../testing/fixture.ts";
import { statementsOf, stepsOf, type PlanStep } from "../testing/statements.ts";
import { FEW, MOST, conversationId, fillLopsided, messageId } from "../testing/lopsided.ts";
import { countWaiting, listConversations } from "./conversations.ts";
import { tellSeen } from "../seen-deliveries.ts";
import { countFailed, listFailed } from "./deliveries.ts";
import { findByName } from "./find-by-name.ts";
import { readEventOutcome } from "./event-outcome.ts";
import { readHistory } from "./history.ts";
import { listRejections, readRejection } from "./rejections.ts";
import { readCarriedFrom } from "./resolutions.ts";
import { findById, searchMessages } from "./search.ts";
import { readThread } from "./thread.ts";

const MESSAGES = 30_000;
const NOW = Date.parse("2026-11-28T12:00:00Z");
const SIZE = { conversations: 20_000, messages: MESSAGES, unapplied: 12_000, now: NOW };
const DAY_MS = 86_400_000;
const id = conversationId(0);
/** Two years of messages; kept events lie at their beginning, a microsecond apart. */
const at = (daysAgo: number): Timestamp => timestampOf(NOW - daysAgo * DAY_MS);
const receiptAt = (daysAgo: number): Receipt => receiptOf((NOW - daysAgo * DAY_MS) * 1_000);
const keptReceipt = (index: number): Receipt => receiptOf((NOW - 730 * DAY_MS) * 1_000 + index);
const overdue = receiptOf(NOW * 1_000);
/** The newest nine tenths of the kept events still wait within the grace. */
const nothingOverdue = keptReceipt(1_000);

/** How a statement was carried out: the tables it scanned, and the most rows that any of its steps read. */
async function planOf(
  store: Store,
  sql: string,
  bindings: readonly Knex.RawBinding[],
): Promise<{ scanned: string[]; rows: number }> {
  if (store.dialect === "sqlite") {
    const steps = await store.read.raw<Array<{ detail: string }>>(`explain query plan ${sql}`, bindings);
    const details = steps.map(({ detail }) => detail);
    return {
      scanned: details.filter(
        (detail, index) =>
          /^SCAN (m|c|messages|conversations|unapplied_events|resolutions|outbox)\b/.test(detail) ||
          // Of what failed there is an index that holds nothing else.
          /^SCAN deliveries(?! USING (COVERING )?INDEX deliveries_(unseen|untold))/.test(detail) ||
          // What comes out of an index in another order is read to its end before the first row is given.
          (detail.startsWith("USE TEMP B-TREE") && details[index - 1]?.startsWith("SEARCH") === true),
      ),
      rows: 0,
    };
  }
  // Of an index of words only its entries are read, a few bytes each: what counts is what they lead to.
  const steps = await stepsOf(store.read, { sql, bindings });
  const nodes = steps.filter((node) => node["Node Type"] !== "Bitmap Index Scan");
  return {
    scanned: nodes
      .filter((node) => node["Node Type"] === "Seq Scan")
      .map((node) => node["Relation Name"] ?? ""),
    rows: Math.max(...nodes.map(rowsRead)),
  };
}

/** What was looked at and left out counts as read: it is what a plan for another spread would pay for. */
const rowsRead = (node: PlanStep): number =>
  (node["Actual Rows"] +
    (node["Rows Removed by Filter"] ?? 0) +
    (node["Rows Removed by Index Recheck"] ?? 0)) *
  node["Actual Loops"];

/** The read calls, and the most rows that one of their steps may read whatever the store holds. */
const READS: Array<[name: string, read: (store: Store) => Promise<unknown>, rows: number]> = [
  ["the list", ({ read }) => listConversations(read, { limit: 50 }), 110],
  [
    "the list of closed ones, behind thousands of newer open ones",
    ({ read }) => listConversations(read, { state: "CLOSED", limit: 50 }),
    60,
  ],
  ["the list of open ones", ({ read }) => listConversations(read, { state: "OPEN", limit: 50 }), 60],
  ["the list, deep", ({ read }) => listConversations(read, { limit: 50, after: [at(600), id] }), 110],
  [
    "the list of open ones, deep, behind thousands of newer closed ones",
    ({ read }) => listConversations(read, { state: "OPEN", limit: 50, after: [at(600), id] }),
    60,
  ],
  [
    "who waits, the longest wait first, behind thousands of newer closed ones",
    ({ read }) => listConversations(read, { waiting: true, order: "oldest", limit: 50 }),
    110,
  ],
  [
    "who waits, deep",
    ({ read }) =>
      listConversations(read, { waiting: true, order: "oldest", limit: 50, after: [at(300), id] }),
    110,
  ],
  [
    "who wrote after the close",
    ({ read }) => listConversations(read, { waiting: true, state: "CLOSED", limit: 50 }),
    60,
  ],
  ["the oldest ones", ({ read }) => listConversations(read, { order: "oldest", limit: 50 }), 110],
  [
    "the list of nobody's, behind thousands of newer ones that somebody has",
    ({ read }) => listConversations(read, { holders: [null], limit: 50 }),
    110,
  ],
  [
    "the list of one agent's, behind thousands of newer ones of another's",
    ({ read }) => listConversations(read, { holders: [FEW], limit: 50 }),
    110,
  ],
  [
    "the list of an agent who has most, deep",
    ({ read }) => listConversations(read, { holders: [MOST], limit: 50, after: [at(600), id] }),
    110,
  ],
  [
    "the list of nobody's in which a customer waits",
    ({ read }) => listConversations(read, { holders: [null], waiting: true, order: "oldest", limit: 50 }),
    110,
  ],
  [
    "the list of one agent's and of nobody's, those in which a customer waits",
    ({ read }) =>
      listConversations(read, { holders: [null, FEW], waiting: true, order: "oldest", limit: 50 }),
    210,
  ],
  [
    "the list of one agent's open ones",
    ({ read }) => listConversations(read, { holders: [FEW], state: "OPEN", limit: 50 }),
    60,
  ],
  ["an assignment", ({ read }) => readEventOutcome(read, { type: "ASSIGN_CONVERSATION", id, overdue }), 110],
  ["how many wait", ({ read }) => countWaiting(read, 100), 100],
  ["how many wait for an agent or for nobody", ({ read }) => countWaiting(read, 100, [null, FEW]), 100],
  ["how many answers failed", ({ read }) => countFailed(read, 100), 100],
  ["which answers are to be told as seen", (store) => tellSeen(store, { now: 0, limit: 100 }), 1],
  ["answers that failed", ({ read }) => listFailed(read, { limit: 50 }), 60],
  [
    "answers that failed, deep",
    ({ read }) => listFailed(read, { limit: 50, before: [String(NOW - 400 * DAY_MS), messageId(0)] }),
    60,
  ],
  ["a thread", ({ read }) => readThread(read, { id, limit: 100 }), 110],
  [
    "a thread, deep",
    ({ read }) => readThread(read, { id, limit: 100, page: { before: [at(400), receiptAt(400)] } }),
    110,
  ],
  [
    "a thread, onward from deep down",
    ({ read }) => readThread(read, { id, limit: 100, page: { after: [at(400), receiptAt(400)] } }),
    110,
  ],
  [
    "a thread around a message",
    ({ read }) => readThread(read, { id, limit: 100, page: { around: messageId(MESSAGES / 2) } }),
    110,
  ],
  ["a thread at a time", ({ read }) => readThread(read, { id, limit: 100, page: { at: at(400) } }), 110],
  ["a history", ({ read }) => readHistory(read, { id, limit: 100, overdue }), 310],
  [
    "a history, deep",
    ({ read }) => readHistory(read, { id, limit: 100, before: [receiptAt(400)], overdue }),
    310,
  ],
  ["an event", ({ read }) => readEventOutcome(read, { type: "NEW_MESSAGE", id, overdue }), 110],
  ["a creation", ({ read }) => readEventOutcome(read, { type: "NEW_CONVERSATION", id, overdue }), 110],
  ["a close", ({ read }) => readEventOutcome(read, { type: "CLOSE_CONVERSATION", id, overdue }), 110],
  ["rejections", ({ read }) => listRejections(read, { limit: 50, overdue }), 320],
  [
    "rejections, where thousands wait within the grace",
    ({ read }) => listRejections(read, { limit: 50, overdue: nothingOverdue }),
    320,
  ],
  [
    "rejections by reason, behind thousands of newer others",
    ({ read }) => listRejections(read, { reasons: ["INTERNAL_ERROR"], limit: 50, overdue }),
    60,
  ],
  [
    "rejections by several reasons, where thousands wait within the grace",
    ({ read }) =>
      listRejections(read, {
        reasons: ["INTERNAL_ERROR", "CONVERSATION_NOT_FOUND"],
        limit: 50,
        overdue: nothingOverdue,
      }),
    110,
  ],
  [
    "rejections by several reasons, deep",
    ({ read }) =>
      listRejections(read, {
        reasons: ["CONVERSATION_CLOSED", "MESSAGE_ID_CONFLICT"],
        limit: 50,
        before: [keptReceipt(900)],
        overdue,
      }),
    110,
  ],
  [
    "rejections of a conversation",
    ({ read }) => listRejections(read, { conversation: id, limit: 50, overdue }),
    320,
  ],
  [
    "rejections of a conversation by reason, deep",
    ({ read }) =>
      listRejections(read, {
        conversation: id,
        reasons: ["CONVERSATION_CLOSED"],
        limit: 50,
        before: [keptReceipt(900)],
        overdue,
      }),
    60,
  ],
  [
    "what is to be resolved, behind all that was resolved",
    ({ read }) => listRejections(read, { unresolved: true, limit: 20, overdue: nothingOverdue }),
    130,
  ],
  [
    "what is to be resolved, deep, where thousands wait beyond the grace",
    ({ read }) => listRejections(read, { unresolved: true, limit: 20, before: [keptReceipt(90)], overdue }),
    130,
  ],
  [
    "what is to be resolved in a conversation",
    ({ read }) =>
      listRejections(read, { conversation: id, unresolved: true, limit: 20, overdue: nothingOverdue }),
    130,
  ],
  ["a rejection", ({ read }) => readRejection(read, { receipt: keptReceipt(900), overdue }), 10],
  ["where messages were carried from", ({ read }) => readCarriedFrom(read, id), 250],
  ["a search by id", (store) => findById(store, messageId(5)), 60],
  [
    "a search for a word in every message",
    (store) => searchMessages(store, { q: "milhoes", limit: 50 }),
    450,
  ],
  [
    "a search for a common word of which none was written lately",
    (store) => searchMessages(store, { q: "antigo", limit: 50 }),
    450,
  ],
  [
    "a search for a common word, deep",
    (store) => searchMessages(store, { q: "comum", limit: 50, before: [at(600), receiptAt(600)] }),
    450,
  ],
  [
    "a search for two common words that are never together",
    (store) => searchMessages(store, { q: "alfa beta", limit: 50 }),
    450,
  ],
  [
    "a search for a word of one message",
    (store) => searchMessages(store, { q: "123pedido", limit: 50 }),
    450,
  ],
  [
    "a search for what only customers wrote, of what we wrote",
    (store) => searchMessages(store, { q: "milhoes", direction: "SENT", limit: 50 }),
    5_050,
  ],
  [
    "a search for a common word in open conversations, of which there are few",
    (store) => searchMessages(store, { q: "comum", state: "OPEN", limit: 50 }),
    5_050,
  ],
  [
    "a search between two times",
    (store) => searchMessages(store, { q: "comum", from: at(500), to: at(400), limit: 50 }),
    450,
  ],
  [
    "a search for a common word, grouped",
    (store) => searchMessages(store, { q: "milhoes", group: "conversation", limit: 50 }),
    450,
  ],
  [
    "a search for the name that half of all conversations have",
    (store) => findByName(store, { q: "bambu nobre", limit: 5 }),
    20,
  ],
  [
    "a search for it among open ones, deep",
    (store) => findByName(store, { q: "bambu nobre", state: "OPEN", limit: 5, before: [at(600), id] }),
    10,
  ],
  // 219 names in two states, the five newest and one more of each.
  ["a search for the beginning of most names", (store) => findByName(store, { q: "ca", limit: 5 }), 2_700],
  ["a search for a tail", (store) => findByName(store, { q: "4e1f", limit: 5 }), 210],
  ["a search for a name and a tail", (store) => findByName(store, { q: "bambu nobre 4e1f", limit: 5 }), 210],
  // 256 tails in two states, of each the five newest and one more.
  [
    "a search for a name and half a tail",
    (store) => findByName(store, { q: "bambu nobre 4e", limit: 5 }),
    3_100,
  ],
  ["a search for the beginning of an id", (store) => findByName(store, { q: id.slice(0, 8), limit: 5 }), 210],
  ["the highest receipt", (store) => highestReceipt(store), 60],
  [
    "what has been quiet for long, behind thousands that have not",
    (store) =>
      quietConversations({
        ...{ store, before: receiptAt(300), limit: 50 },
        after: { receipt: receiptAt(400), id },
      }),
    60,
  ],
  [
    "what has waited for long, behind thousands that have not",
    (store) =>
      oldUnapplied({
        ...{ store, reason: "CONVERSATION_NOT_FOUND", limit: 50 },
        ...{ before: overdue, after: keptReceipt(100) },
      }),
    60,
  ],
];

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ store, remove } = await migratedStore(create));
    await fillLopsided(store, SIZE);
    await store.write
      .raw(`insert into deliveries (message_id, conversation_id, receipt, state, created_at, ended_at, seen_version)
      select id, conversation_id, receipt, case when direction = 'SENT' then 'failed' else 'delivered' end, receipt / 1000, receipt / 1000,
        case when receipt % 20 = 0 then 0 else 1 end
      from messages`);
    await store.write.raw("analyze deliveries");
  });
  afterAll(() => remove());

  test.each(READS)("%s goes by indexes, however much there is", (_name, read, most) =>
    goesByIndexes(store, read, most),
  );
});

/** A conversation that has as many messages as others have, as far as the statistics know, and has grown by thousands. */
const grown = conversationId(77);
const GROWN = 3_000;
const READS_OF_GROWN: typeof READS = [
  ["a thread", ({ read }) => readThread(read, { id: grown, limit: 100 }), 110],
  [
    "a thread, deep",
    ({ read }) =>
      readThread(read, { id: grown, limit: 100, page: { before: [at(-0.01), receiptAt(-0.01)] } }),
    110,
  ],
  ["a history", ({ read }) => readHistory(read, { id: grown, limit: 100, overdue: receiptAt(-1) }), 310],
];

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ store, remove } = await migratedStore(create));
    await fillLopsided(store, { conversations: 600, messages: MESSAGES, unapplied: 0, now: NOW });
    const messages = Array.from({ length: GROWN }, (_, index) => ({
      ...{ id: randomUUID(), conversation_id: grown, direction: "RECEIVED", content: "", words: "" },
      ...{ timestamp: timestampOf(NOW + (index + 1) * 1_000), receipt: (NOW + (index + 1) * 1_000) * 1_000 },
    }));
    await store.write.batchInsert("messages", messages, 100);
  });
  afterAll(() => remove());

  test.each(READS_OF_GROWN)("%s of much more than is known goes by indexes", (_name, read, most) =>
    goesByIndexes(store, read, most),
  );
});

async function goesByIndexes(
  store: Store,
  read: (store: Store) => Promise<unknown>,
  most: number,
): Promise<void> {
  const asked = await statementsOf([store.read], () => read(store));
  expect(asked.length).toBeGreaterThan(0);
  for (const { sql, bindings } of asked) {
    // Asks the planner alone.
    if (sql.startsWith("explain")) continue;
    const { scanned, rows } = await planOf(store, sql, bindings);
    expect([sql, scanned]).toEqual([sql, []]);
    expect(rows).toBeLessThanOrEqual(most);
  }
}
