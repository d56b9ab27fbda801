import { type Author, type Receipt, type Timestamp } from "@fio/contracts";
import type { Store } from "./connect.ts";
import {
  DELIVERIES_CHANGED,
  TOLD_COLUMNS,
  deliveryFrame,
  withdrawDeliveries,
  type ToldRow,
} from "./delivery-statements.ts";
import { announcementOf, entriesOf, insertOutbox, type Announcement, type OutboxRow } from "./outbox.ts";
import { authorFrom, receiptFrom, type AuthorColumns, type StoredReceipt } from "./rows.ts";
import { among, asList, asRows, query, rowsOf, together, type Connection, type Statement } from "./sql.ts";

/*
 * What a deliverer reads and writes. A lane is taken by moving `due_at` ahead; whoever comes back with what became of an
 * attempt says with which taking it began, so that one who was paused past its time changes nothing but that a message
 * has arrived: that is true whoever learns it.
 */

/** A message in somebody's hands, with all that is sent of it. */
export type Taken = {
  conversation: string;
  /** The taking of the lane under which it is sent. */
  claim: number;
  /** Attempts before this one. */
  attempts: number;
  createdAt: number;
  startedAt: number | null;
  receipt: Receipt;
  message: { id: string; content: string; timestamp: Timestamp; author: Author };
  contact: { channel: string; id: string; name: string | null; phone: string | null } | null;
};

/** What became of what was taken. */
export type Attempted =
  | { kind: "delivered" }
  | { kind: "failed"; reason: string; detail: string | null }
  /** It is tried again from `dueAt` on. */
  | { kind: "again"; dueAt: number; reason: string; detail: string | null }
  /** Nothing was sent. */
  | { kind: "untouched"; dueAt: number };

export type Turn = {
  conversation: string;
  /** What is brought back, if anything. */
  attempted: { taken: Taken; result: Attempted } | null;
  /** Whether the next message of the conversation is wanted. */
  next: boolean;
};

/**
 * Writes what became of attempts, and takes the next message of each conversation that has one and is due, all in one
 * transaction. Each conversation stands in `turns` once. Throws what the database throws; then nothing has happened, or
 * all of it, and what was taken comes back when its time is over.
 */
export async function takeTurns(
  store: Store,
  { turns, now, leaseMs }: { turns: readonly Turn[]; now: number; leaseMs: number },
): Promise<{ taken: Map<string, Taken>; announcement: Announcement | null }> {
  return store.write.transaction(async (knex) => {
    const connection: Connection = { dialect: store.dialect, knex };
    const results = turns.flatMap(({ attempted }) => attempted ?? []);
    const told = results.length === 0 ? [] : await writeResults(connection, results, now);
    const wanted = turns.filter(({ next }) => next).map(({ conversation }) => conversation);
    const { taken, asked } =
      wanted.length === 0 ? NOTHING_TAKEN() : await takeNext(connection, wanted, { now, leaseMs });
    const isListAnother = asked.length > 0 || told.some(({ state }) => state === "failed");
    const entries = entriesOf([
      ...[...told, ...asked].map(deliveryFrame),
      ...(isListAnother ? [DELIVERIES_CHANGED] : []),
    ]);
    const [outbox] = await together(connection, [insertOutbox({ entries, waiterReplies: [], now })]);
    const announcement = announcementOf(outbox as OutboxRow[], entries);
    return { taken, announcement };
  });
}

/** `asked`: those that somebody asked to send once more, and that are taken up for the first time since. */
type TakenNext = { taken: Map<string, Taken>; asked: ToldRow[] };
const NOTHING_TAKEN = (): TakenNext => ({ taken: new Map(), asked: [] });

const CLAIM = { conversation_id: "uuid", claim: "integer", due_at: "bigint" } as const;

async function writeResults(
  connection: Connection,
  results: ReadonlyArray<{ taken: Taken; result: Attempted }>,
  now: number,
): Promise<ToldRow[]> {
  const { dialect } = connection;
  // Returns the lanes that are still whose who took them. In id order, as everyone locks them.
  const inOrder =
    dialect === "postgres"
      ? `where delivery_lanes.conversation_id in (select conversation_id from delivery_lanes
          where ${among(dialect, "conversation_id", "uuid")} order by conversation_id for update) and`
      : "where";
  const ids = asList(dialect, results.map(({ taken }) => taken.conversation).toSorted());
  const rows = asRows(
    results.map(({ taken, result }) => ({
      conversation_id: taken.conversation,
      claim: taken.claim,
      due_at: "dueAt" in result ? result.dueAt : now,
    })),
  );
  const kept = await query<{ conversation_id: string }>(connection, {
    name: "put_lanes_back",
    sql: `update delivery_lanes set due_at = back.due_at
      from ${rowsOf(dialect, "back", CLAIM)}
      ${inOrder} delivery_lanes.conversation_id = back.conversation_id and delivery_lanes.claims = back.claim
      returning delivery_lanes.conversation_id`,
    values: dialect === "postgres" ? [rows, ids] : [rows],
  });
  const isKept = new Set(kept.map(({ conversation_id }) => conversation_id));
  const held = results.filter(({ taken }) => isKept.has(taken.conversation));
  const [delivered = [], tried = []] = await together(connection, [
    markDelivered(
      connection,
      results.flatMap(({ taken, result }) => (result.kind === "delivered" ? [taken.message.id] : [])),
      now,
    ),
    markTried(connection, held, now),
  ]);
  return [...delivered, ...tried.filter((row) => (row as ToldRow).state === "failed")] as ToldRow[];
}

/** Also of one that was withdrawn while it was on its way. */
function markDelivered({ dialect }: Connection, ids: readonly string[], now: number): Statement | null {
  if (ids.length === 0) return null;
  return {
    name: "mark_delivered",
    sql: `update deliveries set state = 'delivered', ended_at = ?, attempts = attempts + 1, reason = null, detail = null,
        started_at = coalesce(started_at, ?), version = version + 1
      where ${among(dialect, "message_id", "uuid")} and state <> 'delivered'
      returning ${TOLD_COLUMNS}`,
    values: [now, now, asList(dialect, ids.toSorted())],
  };
}

const TRIED = { tried_id: "uuid", new_state: "text", new_reason: "text", new_detail: "text" } as const;

function markTried(
  { dialect }: Connection,
  results: ReadonlyArray<{ taken: Taken; result: Attempted }>,
  now: number,
): Statement | null {
  const rows = results.flatMap(({ taken, result }) =>
    result.kind === "failed" || result.kind === "again"
      ? [
          {
            tried_id: taken.message.id,
            new_state: result.kind === "failed" ? "failed" : "waiting",
            ...{ new_reason: result.reason, new_detail: result.detail },
          },
        ]
      : [],
  );
  if (rows.length === 0) return null;
  return {
    name: "mark_tried",
    sql: `update deliveries set state = tried.new_state, reason = tried.new_reason, detail = tried.new_detail,
        attempts = attempts + 1, started_at = coalesce(started_at, ?),
        ended_at = case when tried.new_state = 'failed' then cast(? as bigint) end,
        version = version + case when tried.new_state = 'failed' then 1 else 0 end
      from ${rowsOf(dialect, "tried", TRIED)}
      where message_id = tried.tried_id and state = 'waiting'
      returning ${TOLD_COLUMNS}`,
    values: [now, now, asRows(rows)],
  };
}

type TakenRow = ToldRow & {
  receipt: StoredReceipt;
  attempts: number;
  created_at: string | number;
  started_at: string | number | null;
  /** Null where the message is not in the conversation any more. */
  content: string | null;
  timestamp: Timestamp;
  sent_at: Timestamp | null;
  channel: string | null;
  contact_id: string;
  name: string | null;
  phone: string | null;
} & AuthorColumns;

async function takeNext(
  connection: Connection,
  conversations: readonly string[],
  { now, leaseMs }: { now: number; leaseMs: number },
): Promise<TakenNext> {
  const { dialect } = connection;
  const isDue = `${among(dialect, "conversation_id", "uuid")} and due_at <= ?`;
  // What somebody else has locked is not waited for: it is looked for again.
  const which =
    dialect === "postgres"
      ? `conversation_id in (select conversation_id from delivery_lanes where ${isDue}
          order by conversation_id for update skip locked)`
      : isDue;
  const lanes = await query<{ conversation_id: string; claims: number }>(connection, {
    name: "take_lanes",
    sql: `update delivery_lanes set due_at = ?, claims = claims + 1 where ${which} returning conversation_id, claims`,
    values: [now + leaseMs, asList(dialect, conversations.toSorted()), now],
  });
  if (lanes.length === 0) return NOTHING_TAKEN();
  const claims = new Map(lanes.map(({ conversation_id, claims: claim }) => [conversation_id, claim]));
  // Under the lanes' locks, by a statement that sees what was committed before them.
  const rows = await query<TakenRow>(connection, {
    name: "heads_of_lanes",
    sql: `select head.message_id, head.conversation_id, head.receipt, head.attempts, head.created_at, head.started_at,
        head.state, head.version, head.seen_version, head.reason, head.detail, head.asked_at, head.ended_at,
        message.content, message.timestamp, message.sent_at, message.author_id, message.author_name,
        contact.channel, contact.id as contact_id, contact.name, contact.phone
      from ${rowsOf(dialect, "wanted", { conversation: "uuid" })}
      cross join deliveries as head
      left join messages as message
        on message.id = head.message_id and message.conversation_id = head.conversation_id
      left join conversations as conversation on conversation.id = head.conversation_id
      left join contacts as contact on contact.key = conversation.contact_key
      where head.message_id = (select message_id from deliveries
        where conversation_id = wanted.conversation and state = 'waiting' order by receipt limit 1)`,
    values: [asRows([...claims.keys()].map((conversation) => ({ conversation })))],
  });
  const taken = new Map<string, Taken>();
  const gone: TakenRow[] = [];
  for (const row of rows) {
    const author = authorFrom(row).author;
    if (row.content === null || author === undefined) {
      gone.push(row);
      continue;
    }
    taken.set(row.conversation_id, takenFrom(row, row.content, author, claims.get(row.conversation_id) ?? 0));
  }
  const empty = [...claims.keys()].filter((id) => !rows.some((row) => row.conversation_id === id));
  await together(connection, [dropLanes(connection, empty), ...withdrawGone(connection, gone, now)]);
  const asked = rows.filter(
    (row) => row.asked_at !== null && row.attempts === 0 && taken.has(row.conversation_id),
  );
  return { taken, asked };
}

const takenFrom = (row: TakenRow, content: string, author: Author, claim: number): Taken => ({
  ...{ conversation: row.conversation_id, claim, attempts: row.attempts },
  createdAt: Number(row.created_at),
  startedAt: row.started_at === null ? null : Number(row.started_at),
  receipt: receiptFrom(row.receipt),
  message: { id: row.message_id, content, timestamp: row.sent_at ?? row.timestamp, author },
  contact:
    row.channel === null
      ? null
      : { channel: row.channel, id: row.contact_id, name: row.name, phone: row.phone },
});

/** Of conversations where nothing waits. */
function dropLanes({ dialect }: Connection, conversations: readonly string[]): Statement | null {
  if (conversations.length === 0) return null;
  return {
    name: "drop_lanes",
    sql: `delete from delivery_lanes where ${among(dialect, "conversation_id", "uuid")}`,
    values: [asList(dialect, conversations)],
  };
}

/** What was taken out by a worker that was not told to deliver: it is not sent, and the next one is looked for again. */
function withdrawGone(
  connection: Connection,
  gone: ReadonlyArray<{ message_id: string; conversation_id: string }>,
  now: number,
): Array<Statement | null> {
  if (gone.length === 0) return [];
  const { dialect } = connection;
  return [
    withdrawDeliveries(
      connection,
      gone.map((row) => row.message_id),
      now,
    ),
    {
      name: "free_lanes",
      sql: `update delivery_lanes set due_at = ? where ${among(dialect, "conversation_id", "uuid")}`,
      values: [
        now,
        asList(
          dialect,
          gone.map((row) => row.conversation_id),
        ),
      ],
    },
  ];
}
