import { randomUUID } from "node:crypto";
import {
  comparePlaces,
  conversationIdOf,
  idOf,
  placeOf,
  reasonToWait,
  receiptOf,
  type AcceptedAct,
  type AcceptedEvent,
  type AcceptedUpdate,
  type Author,
  type Change,
  type DeliveryStatus,
  type Direction,
  type Media,
  type MessageStatus,
  type NewMessage,
  type Outcome,
  type PostedType,
  type Receipt,
  type Timestamp,
} from "@fio/contracts";
import type { Database } from "../../../../../test/support/databases.ts";
import type { StepLimit } from "../../domain/index.ts";
import { applyBatch, settleStep, type Applied } from "../apply.ts";
import { ASSIGNMENT_COLUMNS, assignmentFrom, type AssignmentRow } from "../assignment-statements.ts";
import { openStore, type Store } from "../connect.ts";
import { migrate } from "../migrate.ts";
import {
  MESSAGE_COLUMNS,
  messageFrom,
  receiptFrom,
  type StoredReceipt,
  type UnappliedRow,
  type MessageRow,
  type StoredConversationRow,
} from "../rows.ts";
import type { SideWrites } from "../save.ts";
import { STATUS_COLUMNS, statusFrom, type StatusRow } from "../status-statements.ts";

/** A migrated store of a test's own. */
export async function migratedStore(
  create: () => Promise<Database>,
): Promise<{ store: Store; url: string; remove: () => Promise<void> }> {
  const database = await create();
  const store = openStore(database.url);
  await migrate(store);
  return {
    store,
    url: database.url,
    remove: async () => {
      await store.close();
      await database.remove();
    },
  };
}

export const SIDE_WRITES: SideWrites = { now: 0, announced: [], poisonMark: null };

/** Takes all steps that are due in these conversations. */
export async function settleAll(
  store: Store,
  conversations: Iterable<string>,
  limit?: StepLimit,
): Promise<Applied[]> {
  const steps: Applied[] = [];
  for (const conversation of conversations) {
    let step: Applied;
    do {
      step = await settleStep(store, {
        ...SIDE_WRITES,
        conversation,
        ...(limit === undefined ? {} : { limit }),
      });
      steps.push(step);
    } while (step.unsettled.length > 0);
  }
  return steps;
}

/** Applies events as one batch. */
export const apply = (
  store: Store,
  ...events: Array<AcceptedEvent | AcceptedAct | AcceptedUpdate>
): Promise<Applied> => applyBatch(store, { ...SIDE_WRITES, events });

let stories = 0;

/** Events about one conversation of a test's own, under receipts of its own: 0 to 9,999, in the test's order. */
export function storyOf(id: string = randomUUID()) {
  const base = 1_740_133_242_000_000 + 10_000 * (stories += 1);
  const under = (receipt: number) => receiptOf(base + receipt);
  const at = (second: number): Timestamp =>
    `2025-02-21T10:20:${String(second).padStart(2, "0")}.349308Z` as Timestamp;
  return {
    id,
    created: (receipt: number, second = 0): AcceptedEvent => ({
      receipt: under(receipt),
      event: { type: "NEW_CONVERSATION", timestamp: at(second), data: { id } },
    }),
    closed: (receipt: number, second = 50): AcceptedEvent => ({
      receipt: under(receipt),
      event: { type: "CLOSE_CONVERSATION", timestamp: at(second), data: { id } },
    }),
    message: (
      receipt: number,
      {
        messageId = randomUUID(),
        content = "Olá",
        direction = "RECEIVED",
        timestamp = at(10),
        author,
        media,
      }: {
        messageId?: string;
        content?: string;
        direction?: Direction;
        timestamp?: Timestamp;
        author?: Author;
        media?: Media;
      } = {},
    ): AcceptedEvent => ({
      receipt: under(receipt),
      event: {
        type: "NEW_MESSAGE",
        timestamp,
        data: {
          id: messageId,
          direction,
          content,
          conversation_id: id,
          ...(author === undefined ? {} : { author }),
          ...(media === undefined ? {} : { media }),
        },
      },
    }),
    status: (
      receipt: number,
      {
        of,
        is = "DELIVERED",
        timestamp = at(20),
        detail,
      }: { of: AcceptedEvent | string; is?: DeliveryStatus; timestamp?: Timestamp; detail?: string },
    ): AcceptedEvent => ({
      receipt: under(receipt),
      event: {
        type: "MESSAGE_STATUS",
        timestamp,
        data: {
          message_id: typeof of === "string" ? of : idOf(of.event),
          conversation_id: id,
          status: is,
          ...(detail === undefined ? {} : { detail }),
        },
      },
    }),
    assigned: (
      receipt: number,
      agent: Author | null,
      { timestamp = at(30) }: { timestamp?: Timestamp } = {},
    ): AcceptedEvent => ({
      receipt: under(receipt),
      event: { type: "ASSIGN_CONVERSATION", timestamp, data: { id, agent } },
    }),
    /** What an agent did about the event under `refused`. */
    resolved: (
      receipt: number,
      refused: number,
      { carriedTo, second = 55 }: { carriedTo?: string; second?: number } = {},
    ): AcceptedAct => {
      const about = { receipt: under(refused), conversation_id: id };
      const data =
        carriedTo === undefined
          ? { ...about, how: "seen" as const }
          : { ...about, how: "carried" as const, carried_to: carriedTo };
      return { receipt: under(receipt), event: { type: "RESOLVE_REJECTION", timestamp: at(second), data } };
    },
    under,
    at,
  };
}

/** An outcome in a word. */
export function word(outcome: Outcome | undefined): string {
  if (outcome?.kind === "rejected") return outcome.reason;
  return outcome?.kind ?? "nothing";
}

/** What was told of each event, in a word. */
export const told = (applied: Applied, ...events: Array<{ receipt: Receipt }>): string[] =>
  events.map(({ receipt }) => word(applied.outcomes.get(receipt)));

/** The changes that a batch announces. */
export const changesOf = ({ announcement }: Applied): Change[] =>
  (announcement?.entries ?? []).flatMap((entry) => JSON.parse(entry) as Change[]);

/** All that the store holds of some conversations. */
export type Holdings = {
  rows: Map<string, StoredConversationRow & { state: string | null; activity_at: Timestamp | null }>;
  /** Creations, closes and messages, as events under their receipts. */
  applied: Map<Receipt, AcceptedEvent>;
  unapplied: Map<Receipt, KeptRow>;
};

type KeptRow = {
  conversation_id: string;
  reason: string;
  type: PostedType;
  event: string;
  detail: string | null;
  late_place: Timestamp | null;
  resolved: number | null;
};

export async function holdingsOf(store: Store, conversations: readonly string[]): Promise<Holdings> {
  const [rows, messages, statuses, assignments, unapplied] = await Promise.all([
    store.read("conversations").whereIn("id", conversations),
    store.read("messages").select(MESSAGE_COLUMNS.split(", ")).whereIn("conversation_id", conversations),
    store
      .read("message_statuses")
      .select(STATUS_COLUMNS.split(", "))
      .whereIn("conversation_id", conversations),
    store
      .read("assignments")
      .select(ASSIGNMENT_COLUMNS.split(", "))
      .whereIn("conversation_id", conversations),
    store.read("unapplied_events").whereIn("conversation_id", conversations),
  ]);
  const facts = (rows as StoredConversationRow[]).flatMap((row) => [
    ...fact("NEW_CONVERSATION", row.id, row.created_at, row.created_receipt),
    ...fact("CLOSE_CONVERSATION", row.id, row.closed_at, row.closed_receipt),
  ]);
  const applied = [
    ...facts,
    ...(messages as MessageRow[]).map(messageFrom),
    ...(statuses as StatusRow[]).map(statusFrom),
    ...(assignments as AssignmentRow[]).map(assignmentFrom),
  ];
  return {
    rows: new Map(
      (rows as Array<StoredConversationRow & { state: string; activity_at: Timestamp }>).map((row) => [
        row.id,
        row,
      ]),
    ),
    applied: new Map(applied.map((one) => [one.receipt, one])),
    unapplied: new Map(
      (unapplied as Array<UnappliedRow & KeptRow>).map((row) => [receiptFrom(row.receipt), row]),
    ),
  };
}

function fact(
  type: "NEW_CONVERSATION" | "CLOSE_CONVERSATION",
  id: string,
  timestamp: Timestamp | null,
  receipt: string | number | null,
): AcceptedEvent[] {
  if (timestamp === null || receipt === null) return [];
  return [{ receipt: receiptFrom(receipt), event: { type, timestamp, data: { id } } }];
}

/**
 * What differs between the store and the events' outcomes one by one; empty when nothing does. Also holds the list's
 * columns against the messages.
 */
export function differences(
  holdings: Holdings,
  events: readonly AcceptedEvent[],
  outcomes: ReadonlyMap<Receipt, Outcome>,
): string[] {
  const { applied, unapplied } = holdings;
  const faults: string[] = [];
  const seen = new Set<Receipt>();
  for (const accepted of events) {
    const { receipt } = accepted;
    const outcome = outcomes.get(receipt);
    seen.add(receipt);
    const isApplied = canonical(applied.get(receipt)) === canonical(accepted);
    if (isApplied !== (outcome?.kind === "applied"))
      faults.push(`${receipt} is ${word(outcome)}, applied: ${isApplied}`);
    const reason = unapplied.get(receipt)?.reason ?? null;
    if (reason !== reasonOf(outcome)) faults.push(`${receipt} is ${word(outcome)}, kept as ${reason}`);
  }
  for (const receipt of [...applied.keys(), ...unapplied.keys()]) {
    if (!seen.has(receipt)) faults.push(`${receipt} was never accepted`);
  }
  return [...faults, ...columnFaults(holdings)];
}

/** What of the columns that are kept without counting differs from what the stored messages and events come to. */
export function columnFaults({ rows, applied, unapplied }: Holdings): string[] {
  const kept = [...unapplied].map(([receipt, row]) => ({ ...row, receipt }));
  const misplaced = kept
    .filter((one) => one.late_place !== latePlaceOf(one))
    .map(({ receipt, late_place }) => `late_place of ${receipt} is ${late_place}`);
  const columns = [...rows.values()].flatMap((row) => {
    const own = [...applied.values()].filter(({ event }) => conversationIdOf(event) === row.id);
    const late = kept.filter(({ conversation_id }) => conversation_id === row.id);
    return listFaults(row, own, late);
  });
  return [...misplaced, ...columns];
}

type Kept = KeptRow & { receipt: Receipt };

function latePlaceOf({ receipt, reason, event, resolved }: Kept): Timestamp | null {
  if (reason !== "CONVERSATION_CLOSED" || resolved !== null) return null;
  const { timestamp, data } = JSON.parse(event) as NewMessage;
  return data.direction === "RECEIVED" ? placeOf({ timestamp, receipt }) : null;
}

function listFaults(
  row: StoredConversationRow & { state: string | null; activity_at: Timestamp | null },
  own: readonly AcceptedEvent[],
  kept: readonly Kept[],
): string[] {
  const messages = own
    .filter(({ event }) => event.type === "NEW_MESSAGE")
    .toSorted((a, b) => comparePlaces(placeable(a), placeable(b)));
  const last = messages.at(-1);
  const creation = own.find(({ event }) => event.type === "NEW_CONVERSATION");
  const should = {
    state: row.closed_at === null ? "OPEN" : "CLOSED",
    message_count: messages.length,
    last_message_at: last === undefined ? null : placeOf(placeable(last)),
    last_message_receipt: last?.receipt ?? null,
    last_message_preview: last?.event.type === "NEW_MESSAGE" ? last.event.data.content.slice(0, 160) : null,
    last_message_direction: last?.event.type === "NEW_MESSAGE" ? last.event.data.direction : null,
    activity_at: [creation, last]
      .filter((one) => one !== undefined)
      .map((one) => placeOf(placeable(one)))
      .toSorted()
      .at(-1),
    ...assignedColumns(own),
    ...unansweredColumns(row.closed_at !== null, messages.filter(isNoFailure(own)), kept),
  };
  const receiptOrNull = (stored: StoredReceipt | null): Receipt | null =>
    stored === null ? null : receiptFrom(stored);
  const is = {
    ...row,
    last_message_receipt: receiptOrNull(row.last_message_receipt),
    last_sent_receipt: receiptOrNull(row.last_sent_receipt),
    assigned_receipt: receiptOrNull(row.assigned_receipt),
    last_received_receipt: receiptOrNull(row.last_received_receipt),
  };
  return Object.entries(should)
    .filter(([column, value]) => is[column as keyof typeof is] !== value)
    .map(
      ([column, value]) =>
        `${column} of ${row.id} is ${is[column as keyof typeof is]}, by its messages ${value}`,
    );
}

function assignedColumns(own: readonly AcceptedEvent[]) {
  const last = own
    .filter(({ event }) => event.type === "ASSIGN_CONVERSATION")
    .toSorted((a, b) => (a.receipt < b.receipt ? -1 : 1))
    .at(-1);
  const agent = last?.event.type === "ASSIGN_CONVERSATION" ? last.event.data.agent : null;
  return {
    assigned_receipt: last?.receipt ?? null,
    assigned_id: agent?.id ?? null,
    assigned_name: agent?.name ?? null,
  };
}

/** Whatever the business sent and the phone did not get is no answer. */
const isNoFailure =
  (own: readonly AcceptedEvent[]) =>
  ({ event }: AcceptedEvent): boolean => {
    const statuses = own
      .map((one) => one.event)
      .filter((one) => one.type === "MESSAGE_STATUS" && one.data.message_id === idOf(event))
      .map((one) => ({ ...(one as MessageStatus).data, timestamp: one.timestamp }));
    const has = (...of: DeliveryStatus[]) => statuses.filter(({ status }) => of.includes(status));
    if (event.type !== "NEW_MESSAGE" || event.data.direction === "RECEIVED") return true;
    if (has("DELIVERED", "READ").length > 0) return true;
    return has("FAILED").every((failed) => has("SENT").some((again) => again.timestamp > failed.timestamp));
  };

/** In plain words: sorted whole, with no thought of what it costs. */
function unansweredColumns(isClosed: boolean, messages: readonly AcceptedEvent[], kept: readonly Kept[]) {
  const of = (direction: Direction): Array<{ place: Timestamp; receipt: Receipt }> =>
    messages
      .filter(({ event }) => event.type === "NEW_MESSAGE" && event.data.direction === direction)
      .map((one) => ({ place: placeOf(placeable(one)), receipt: one.receipt }));
  const sent = of("SENT");
  const lastPlace =
    sent
      .map(({ place }) => place)
      .toSorted()
      .at(-1) ?? null;
  const lastReceipt =
    sent
      .map(({ receipt }) => receipt)
      .toSorted()
      .at(-1) ?? null;
  const unanswered = of("RECEIVED").filter(
    ({ place, receipt }) => place > (lastPlace ?? "") || receipt > (lastReceipt ?? ""),
  );
  const late = kept.flatMap(({ receipt, late_place: place }) => (place === null ? [] : [{ place, receipt }]));
  const waiting = [...(isClosed ? [] : unanswered), ...late];
  return {
    waiting_since: waiting.map(({ place }) => place).toSorted()[0] ?? null,
    last_sent_at: lastPlace,
    last_sent_receipt: lastReceipt,
    last_received_receipt:
      [...of("RECEIVED"), ...late]
        .map(({ receipt }) => receipt)
        .toSorted()
        .at(-1) ?? null,
  };
}

const placeable = ({ receipt, event }: AcceptedEvent) => ({ timestamp: event.timestamp, receipt });

function canonical(accepted: AcceptedEvent | undefined): string | null {
  if (accepted === undefined) return null;
  const { type, timestamp, data } = accepted.event;
  return JSON.stringify([accepted.receipt, type, timestamp, Object.entries(data).toSorted()]);
}

function reasonOf(outcome: Outcome | undefined): string | null {
  if (outcome?.kind === "waiting") return reasonToWait(outcome);
  return outcome?.kind === "rejected" ? outcome.reason : null;
}
