import {
  conversationIdOf,
  idOf,
  type AcceptedEvent,
  type Change,
  type MessageDelivery,
  type NewMessage,
} from "@fio/contracts";
import type { MessageChanges } from "./conversation-after.ts";
import { among, asList, asRows, rowsOf, type Connection, type Statement } from "./sql.ts";

/* What a transaction that applies events says about their delivery. */

/** Messages that are to be delivered from now on, and those that are not any more. */
export type DeliveryChanges = { add: AcceptedEvent[]; withdraw: AcceptedEvent[] };

export const NO_DELIVERIES: DeliveryChanges = { add: [], withdraw: [] };

/** What an agent wrote. */
export const isToLeave = ({ event }: AcceptedEvent): boolean => {
  const { direction, author } = (event as NewMessage).data;
  return direction === "SENT" && author !== undefined;
};

export function deliveryChanges(changes: readonly MessageChanges[]): DeliveryChanges {
  const added = changes.flatMap(({ insert, replace }) => [...insert, ...replace].filter(isToLeave));
  // What took a row over may not be an agent's, where what it displaced was: asked of the few that displace.
  const displaced = changes.flatMap(({ replace }) => replace.filter((one) => !isToLeave(one)));
  return {
    add: added,
    withdraw: [...changes.flatMap(({ remove }) => remove.filter(isToLeave)), ...displaced],
  };
}

export const conversationsOf = (events: readonly AcceptedEvent[]): string[] =>
  [...new Set(events.map(({ event }) => conversationIdOf(event)))].toSorted();

/**
 * In the transaction that applies. Lanes are locked before rows, in id order, by everyone: a lane goes only when, under
 * its lock, nothing of its conversation waits.
 */
export function writeDeliveries(
  connection: Connection,
  { add, withdraw }: DeliveryChanges,
  now: number,
): Array<Statement | null> {
  if (add.length === 0 && withdraw.length === 0) return [];
  return [
    lockLanes(connection, conversationsOf([...add, ...withdraw]), now),
    insertDeliveries(connection, add, now),
    withdrawDeliveries(
      connection,
      withdraw.map(({ event }) => idOf(event)),
      now,
    ),
  ];
}

/** Makes those that are missing. */
export function lockLanes({ dialect }: Connection, conversations: readonly string[], now: number): Statement {
  const conflict = dialect === "postgres" ? "do update set due_at = held.due_at where false" : "do nothing";
  return {
    name: "lock_lanes",
    sql: `insert into delivery_lanes as held (conversation_id, due_at)
      select conversation_id, due_at from ${rowsOf(dialect, "wanted", { conversation_id: "uuid", due_at: "bigint" })}
      where true order by conversation_id
      on conflict (conversation_id) ${conflict}`,
    values: [asRows(conversations.map((conversation_id) => ({ conversation_id, due_at: now })))],
  };
}

/** One that was withdrawn and is in its conversation again waits again; one that left has left. */
function insertDeliveries(
  { dialect }: Connection,
  messages: readonly AcceptedEvent[],
  now: number,
): Statement | null {
  if (messages.length === 0) return null;
  const row = {
    message_id: "uuid",
    conversation_id: "uuid",
    receipt: "bigint",
    created_at: "bigint",
  } as const;
  return {
    name: "insert_deliveries",
    sql: `insert into deliveries as held (message_id, conversation_id, receipt, state, created_at)
      select message_id, conversation_id, receipt, 'waiting', created_at from ${rowsOf(dialect, "added", row)}
      where true order by message_id
      on conflict (message_id) do update set conversation_id = excluded.conversation_id, receipt = excluded.receipt,
        state = case when held.state = 'withdrawn' then 'waiting' else held.state end,
        ended_at = case when held.state = 'withdrawn' then null else held.ended_at end,
        version = held.version + 1`,
    values: [
      asRows(
        messages.map(({ receipt, event }) => ({
          ...{ message_id: idOf(event), conversation_id: conversationIdOf(event) },
          ...{ receipt, created_at: now },
        })),
      ),
    ],
  };
}

/** Those that have not left yet are not sent, and what was given up is nobody's concern any more. */
export function withdrawDeliveries(
  { dialect }: Connection,
  ids: readonly string[],
  now: number,
): Statement | null {
  if (ids.length === 0) return null;
  return {
    name: "withdraw_deliveries",
    sql: `update deliveries set state = 'withdrawn', ended_at = ?, version = version + 1
      where ${among(dialect, "message_id", "uuid")} and state in ('waiting', 'failed')`,
    values: [now, asList(dialect, ids)],
  };
}

/** As a frame of the live stream. */
export const TOLD_COLUMNS =
  "message_id, conversation_id, state, version, seen_version, reason, detail, asked_at, ended_at";

/** SQL for one that was given up and that nobody has seen to since: as an index has it. */
export const UNSEEN = "state = 'failed' and seen_version < version";

export type ToldRow = {
  message_id: string;
  conversation_id: string;
  state: MessageDelivery["state"];
  version: number;
  seen_version: number;
  reason: string | null;
  detail: string | null;
  asked_at: string | number | null;
  ended_at: string | number | null;
};

/** While it waits, the last attempt's reason is nobody's concern. */
export function deliveryOf({
  state,
  version,
  seen_version,
  reason,
  detail,
  asked_at,
  ended_at,
}: Omit<ToldRow, "message_id" | "conversation_id">): MessageDelivery {
  const isFailed = state === "failed";
  const leftLate = state === "delivered" && asked_at !== null && ended_at !== null;
  return {
    state,
    ...(isFailed && reason !== null ? { reason } : {}),
    ...(isFailed && detail !== null ? { detail } : {}),
    ...(isFailed && seen_version >= version ? { seen: true } : {}),
    ...(asked_at === null ? {} : { by_hand: true }),
    ...(leftLate ? { left_at: new Date(Number(ended_at)).toISOString() } : {}),
    version,
  };
}

export const deliveryFrame = (row: ToldRow): Change => ({
  event: "message_delivery",
  conversation_id: row.conversation_id,
  message_id: row.message_id,
  delivery: deliveryOf(row),
});

/** What everyone is told when the list of those that were given up is another one. */
export const DELIVERIES_CHANGED: Change = { event: "deliveries" };

/** How those stand that a transaction has taken out of their conversations: some have left before. */
export function selectWithdrawn(
  { dialect }: Connection,
  messages: readonly AcceptedEvent[],
): Statement | null {
  if (messages.length === 0) return null;
  const ids = messages.map(({ event }) => idOf(event));
  return {
    name: "withdrawn_deliveries",
    sql: `select ${TOLD_COLUMNS} from deliveries where ${among(dialect, "message_id", "uuid")}`,
    values: [asList(dialect, ids)],
  };
}

/** SQL for how a message stands, to be read by {@link deliveryFrom}; null where it is none that leaves. */
export const deliveryColumn = (message: string, conversation: string): string =>
  `(select state || ' ' || version || ' ' || seen_version || ' ' || case when asked_at is null then '' else cast(coalesce(ended_at, 0) as text) end
      || ' ' || coalesce(reason, '')
      || ' ' || coalesce(detail, '')
    from deliveries where message_id = ${message} and conversation_id = ${conversation})`;

/** To be spread: no key where it is none that leaves. */
export function deliveryFrom(column: string | null | undefined): { delivery?: MessageDelivery } {
  const [, state, version, seen, asked, reason, detail] =
    /^(\w+) (\d+) (\d+) (\d*) (\S*) (.*)$/s.exec(column ?? "") ?? [];
  if (state === undefined) return {};
  const textOrNull = (text: string | undefined): string | null =>
    text === undefined || text === "" ? null : text;
  const delivery = deliveryOf({
    state: state as MessageDelivery["state"],
    version: Number(version),
    seen_version: Number(seen),
    reason: textOrNull(reason),
    detail: textOrNull(detail),
    // Of one that was asked for it stands there: when it ended, or 0.
    asked_at: textOrNull(asked),
    ended_at: textOrNull(asked),
  });
  return { delivery };
}
