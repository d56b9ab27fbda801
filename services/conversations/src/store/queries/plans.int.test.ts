import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import { afterAll, beforeAll, expect, test } from "vitest";
import { receiptOf, timestampOf, type Timestamp } from "@fio/contracts";
import { forEachDatabase } from "../../../../../test/support/databases.ts";
import type { Store } from "../connect.ts";
import { searchableWords } from "../searchable-words.ts";
import { migratedStore } from "../testing/fixture.ts";
import { listConversations } from "./conversations.ts";
import { readEventOutcome } from "./event-outcome.ts";
import { readHistory } from "./history.ts";
import { listRejections } from "./rejections.ts";
import { findById, searchMessages } from "./search.ts";
import { readThread } from "./thread.ts";

const CONVERSATIONS = 10_000;
const MESSAGES = 10_000;
const KEPT = 6_000;
const START = Date.parse("2025-02-21T10:00:00Z");
const REASONS = ["CONVERSATION_CLOSED", "CONVERSATION_NOT_FOUND", "MESSAGE_ID_CONFLICT", "INTERNAL_ERROR"];
const ids = Array.from({ length: CONVERSATIONS }, () => randomUUID());
const id = ids[0]!;
const at = (index: number): Timestamp => timestampOf(START + index * 1_000);
const receipt = (index: number) => receiptOf(START * 1_000 + index);
const overdue = receipt(10_000_000);
const now = START + MESSAGES * 1_000;

/** Enough of everything for a scan to be seen; half of all messages and unapplied events in one conversation. */
async function fill({ write }: Store): Promise<void> {
  const half = (index: number): string => (index % 2 === 0 ? id : ids[index % CONVERSATIONS]!);
  const conversations = ids.map((one, index) => ({
    id: one,
    state: index % 10 === 0 ? "CLOSED" : "OPEN",
    created_at: at(index),
    created_receipt: receipt(index),
    activity_at: at(index),
  }));
  const placeholders = Array.from({ length: CONVERSATIONS }, () => ({ id: randomUUID() }));
  const messages = Array.from({ length: MESSAGES }, (_, index) => {
    const content = `comum ${index % 100 === 0 ? "raro" : "mais"} ${index}`;
    return {
      id: randomUUID(),
      conversation_id: half(index),
      direction: "SENT",
      content,
      timestamp: at(index),
      receipt: receipt(100_000 + index),
      words: searchableWords({ content, timestamp: at(index) }),
    };
  });
  const kept = Array.from({ length: KEPT }, (_, index) => ({
    receipt: receipt(200_000 + index),
    type: "NEW_MESSAGE",
    event_id: index % 3 === 0 ? id : randomUUID(),
    conversation_id: half(index),
    event: "{}",
    reason: REASONS[index % REASONS.length],
  }));
  await write.batchInsert("conversations", [...conversations], 100);
  await write.batchInsert("conversations", placeholders, 100);
  await write.batchInsert("messages", messages, 100);
  await write.batchInsert("unapplied_events", kept, 100);
  await write.raw("analyze");
}

type Plan = {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  Plans?: Plan[];
};

/** How a statement was carried out: the tables it scanned, and the most rows that any of its steps gave. */
async function planOf(
  store: Store,
  sql: string,
  bindings: readonly Knex.RawBinding[],
): Promise<{ scanned: string[]; rows: number }> {
  if (store.dialect === "sqlite") {
    const steps = await store.read.raw<Array<{ detail: string }>>(`explain query plan ${sql}`, bindings);
    return {
      scanned: steps
        .map(({ detail }) => detail)
        .filter((detail) => /^SCAN (m|c|messages|conversations|unapplied_events)\b/.test(detail)),
      rows: 0,
    };
  }
  const text = sql.replace(/\$\d+/g, "?");
  const { rows } = await store.read.raw<{ rows: Array<{ "QUERY PLAN": [{ Plan: Plan }] }> }>(
    `explain (analyze, format json) ${text}`,
    bindings,
  );
  const nodes = flatten(rows[0]!["QUERY PLAN"][0].Plan);
  return {
    scanned: nodes
      .filter((node) => node["Node Type"] === "Seq Scan")
      .map((node) => node["Relation Name"] ?? ""),
    rows: Math.max(...nodes.map((node) => node["Actual Rows"] * node["Actual Loops"])),
  };
}

const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)];

const deepMessage: [Timestamp, ReturnType<typeof receipt>] = [at(5_000), receipt(105_000)];

/** The read calls, and the most rows that one of their steps may touch whatever the store holds. */
const READS: Array<[name: string, read: (store: Store) => Promise<unknown>, rows: number]> = [
  ["the list", ({ read }) => listConversations(read, { limit: 50 }), 60],
  ["the list by state", ({ read }) => listConversations(read, { state: "CLOSED", limit: 50 }), 60],
  ["the list, deep", ({ read }) => listConversations(read, { limit: 50, before: [at(5_000), id] }), 60],
  [
    "the list by state, deep",
    ({ read }) => listConversations(read, { state: "OPEN", limit: 50, before: [at(5_000), id] }),
    60,
  ],
  ["a thread", ({ read }) => readThread(read, { id, limit: 100 }), 110],
  ["a thread, deep", ({ read }) => readThread(read, { id, limit: 100, before: deepMessage }), 110],
  ["a history", ({ read }) => readHistory(read, { id, limit: 100, overdue }), 210],
  [
    "a history, deep",
    ({ read }) => readHistory(read, { id, limit: 100, before: [receipt(105_000)], overdue }),
    210,
  ],
  ["an event", ({ read }) => readEventOutcome(read, { type: "NEW_MESSAGE", id, overdue }), 110],
  ["a creation", ({ read }) => readEventOutcome(read, { type: "NEW_CONVERSATION", id, overdue }), 110],
  ["a close", ({ read }) => readEventOutcome(read, { type: "CLOSE_CONVERSATION", id, overdue }), 110],
  ["rejections", ({ read }) => listRejections(read, { limit: 50, overdue }), 320],
  [
    "rejections, where thousands wait within the grace",
    ({ read }) => listRejections(read, { limit: 50, overdue: receipt(200_050) }),
    320,
  ],
  [
    "rejections by reason",
    ({ read }) => listRejections(read, { reasons: ["INTERNAL_ERROR"], limit: 50, overdue }),
    60,
  ],
  [
    "rejections by several reasons, where thousands wait within the grace",
    ({ read }) =>
      listRejections(read, {
        reasons: ["INTERNAL_ERROR", "CONVERSATION_NOT_FOUND"],
        limit: 50,
        overdue: receipt(200_050),
      }),
    110,
  ],
  [
    "rejections by several reasons, deep",
    ({ read }) =>
      listRejections(read, {
        reasons: ["CONVERSATION_CLOSED", "MESSAGE_ID_CONFLICT"],
        limit: 50,
        before: [receipt(203_000)],
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
        before: [receipt(203_000)],
        overdue,
      }),
    60,
  ],
  [
    "a search for a word of every message",
    (store) => searchMessages(store, { q: "comum", limit: 50, now }),
    2_200,
  ],
  ["a search for a rarer word", (store) => searchMessages(store, { q: "raro", limit: 50, now }), 2_200],
  [
    "a search, deep",
    (store) => searchMessages(store, { q: "comum", limit: 50, before: deepMessage, now }),
    2_200,
  ],
  ["a search for a word of no message", (store) => searchMessages(store, { q: "nunca", limit: 50, now }), 60],
  ["a search by id", (store) => findById(store, randomUUID()), 60],
];

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ store, remove } = await migratedStore(create));
    await fill(store);
  });
  afterAll(() => remove());

  test.each(READS)("%s goes by indexes, however much there is", async (_name, read, most) => {
    const asked: Array<{ sql: string; bindings: Knex.RawBinding[] }> = [];
    const listen = (query: { sql: string; bindings: Knex.RawBinding[] }): void => void asked.push(query);
    store.read.on("query", listen);
    await read(store);
    store.read.off("query", listen);
    expect(asked.length).toBeGreaterThan(0);
    for (const { sql, bindings } of asked) {
      const { scanned, rows } = await planOf(store, sql, bindings);
      expect([sql, scanned]).toEqual([sql, []]);
      expect(rows).toBeLessThanOrEqual(most);
    }
  });
});
