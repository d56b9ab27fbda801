import { receiptOf, type PostedType, type Receipt } from "@fio/contracts";
import { deleteSayings } from "./contact-statements.ts";
import type { Store } from "./connect.ts";
import { deletePlaceholders } from "./conversation-statements.ts";
import { WHATEVER_RECEIPT, lockErasedContacts } from "./erased-contacts.ts";
import { forgetCustomer } from "./forget-customer.ts";
import { lockConversations } from "./lock-conversations.ts";
import { announcementOf, entriesOf, insertOutbox, type Announcement, type OutboxRow } from "./outbox.ts";
import { anyActivity } from "./quiet.ts";
import { among, asList, query, together, type Connection, type Statement } from "./sql.ts";
import { buryMessageIds } from "./tombstones.ts";

/*
 * Erases a conversation for good. The tombstone comes first, in a transaction of its own: from then on nothing of the
 * conversation is shown or let in. What is stored goes in steps, so that others get their turn. Whoever ends in the
 * middle leaves a tombstone that is not finished, and anyone may go on.
 */

/** Rows of each table that one step takes. */
const STEP_ROWS = 100;

/** Whether anything of it is stored, be it only waiting. */
export async function isStored(store: Store, conversation: string): Promise<boolean> {
  const rows = await query(
    { dialect: store.dialect, knex: store.read },
    {
      name: "is_stored",
      sql: `select 1 as one where exists (select 1 from conversations where id = ? and state is not null)
        or exists (select 1 from unapplied_events where conversation_id = ?)
        or exists (select 1 from messages where conversation_id = ?)
        or exists (select 1 from tombstones where conversation_id = ?)`,
      values: [conversation, conversation, conversation, conversation],
    },
  );
  return rows.length > 0;
}

/** What everyone is told, or finds in the outbox; whether it was the last of its customer, of whom nothing is known any more. */
export type Buried = { told: Announcement; isCustomerGone: boolean };

/**
 * Sets its tombstone, hides it, and has everyone told. `null`: it had one, or is not quiet. `now` in milliseconds since 1970.
 */
export async function buryConversation(
  store: Store,
  {
    conversation,
    now,
    quietBelow = null,
  }: {
    conversation: string;
    now: number;
    /** For its age: only when nothing happened in it from this receipt on, and nothing of it waits for anyone. */
    quietBelow?: Receipt | null;
  },
): Promise<Buried | null> {
  return store.write.transaction(async (knex) => {
    const connection: Connection = { dialect: store.dialect, knex };
    const active = quietBelow === null ? null : anyActivity(conversation, quietBelow);
    const { answers } = await lockConversations(connection, [conversation], [active]);
    if (answers[0]?.length !== 0) {
      await together(connection, [deletePlaceholders(connection, [conversation])]);
      return null;
    }
    const [row] = await query<{ contact_key: string | null }>(connection, {
      name: "contact_of_erased",
      sql: "select contact_key from conversations where id = ?",
      values: [conversation],
    });
    const buried = await query(connection, {
      name: "bury_conversation",
      sql: `insert into tombstones (conversation_id, erased_at, by_age) values (?, ?, ?)
        on conflict (conversation_id) do nothing returning conversation_id`,
      values: [conversation, now, quietBelow === null ? null : 1],
    });
    if (buried.length === 0) return null;
    const entries = entriesOf([{ event: "erased", conversation_id: conversation }]);
    const [, outbox] = await together(connection, [
      blank(conversation),
      insertOutbox({ entries, waiterReplies: [], now }),
      deleteSayings(connection, [conversation]),
      // Nothing of it leaves any more, but what somebody has in hand.
      {
        name: "erase_lane",
        sql: "delete from delivery_lanes where conversation_id = ?",
        values: [conversation],
      },
    ]);
    // Who asked for it is never told of again; who has long been quiet may come back.
    const upTo = quietBelow === null ? WHATEVER_RECEIPT : receiptOf(BigInt(Math.floor(now)) * 1_000n);
    const contact = row?.contact_key;
    let isCustomerGone = false;
    if (typeof contact === "string") {
      await lockErasedContacts(connection);
      isCustomerGone = await forgetCustomer(connection, { contacts: [contact], upTo });
    }
    const told = announcementOf(outbox as OutboxRow[], entries);
    if (told === null) throw new Error("an erasure is not announced");
    return { told, isCustomerGone };
  });
}

/** What is left of the row is a placeholder, which nobody is shown. */
const blank = (conversation: string): Statement => ({
  name: "blank_conversation",
  sql: `update conversations set state = null, created_at = null, created_receipt = null, closed_at = null,
      closed_receipt = null, message_count = 0, last_message_at = null, last_message_receipt = null,
      last_message_preview = null, last_message_direction = null, activity_at = null, waiting_since = null, contact = null, contact_key = null,
      last_sent_at = null, last_sent_receipt = null, last_received_receipt = null, unsettled_above = null,
      assigned_receipt = null, assigned_id = null, assigned_name = null
    where id = ?`,
  values: [conversation],
});

type Deleted = {
  messages: Array<{ id: string; words: string }>;
  unapplied: Array<{ type: PostedType; event_id: string }>;
};

type From = { table: string; key: string; returning: string };

/** Of the first two what they return is read, see {@link Deleted}. */
const ERASED_FROM: readonly From[] = [
  { table: "messages", key: "receipt", returning: "id, words" },
  { table: "unapplied_events", key: "receipt", returning: "type, event_id" },
  { table: "message_statuses", key: "receipt", returning: "receipt" },
  { table: "assignments", key: "receipt", returning: "receipt" },
  { table: "resolutions", key: "act_receipt", returning: "act_receipt" },
  { table: "deliveries", key: "receipt", returning: "receipt" },
];

/** Takes the next rows of a buried conversation out; false when none is left. */
export async function eraseStep(
  store: Store,
  conversation: string,
  rows: number = STEP_ROWS,
): Promise<boolean> {
  return store.write.transaction(async (knex) => {
    const connection: Connection = { dialect: store.dialect, knex };
    // A transaction that began before the tombstone ends first.
    await lockConversations(connection, [conversation]);
    const taken = await together(
      connection,
      ERASED_FROM.map((from) => takeOut(connection, from, conversation, rows)),
    );
    const [messages, unapplied] = taken as [Deleted["messages"], Deleted["unapplied"]];
    const ids = [
      ...messages.map(({ id }) => id),
      ...unapplied.filter(({ type }) => type === "NEW_MESSAGE").map(({ event_id }) => event_id),
    ];
    const isMore = taken.some(({ length }) => length === rows);
    await together(connection, [
      buryMessageIds(connection, [...new Set(ids)]),
      rememberWords(
        connection,
        messages.map(({ words }) => words),
      ),
      isMore ? null : deletePlaceholders(connection, [conversation]),
    ]);
    return isMore;
  });
}

function takeOut(
  { dialect }: Connection,
  { table, key, returning }: From,
  conversation: string,
  rows: number,
): Statement {
  // On Postgres by comparing rows, see load-step.ts.
  const next =
    dialect === "postgres"
      ? {
          sql: `select ${key} from ${table} where (conversation_id, ${key}) >= (?, 0) and conversation_id <= ?
            order by conversation_id, ${key} limit ?`,
          values: [conversation, conversation, rows],
        }
      : {
          sql: `select ${key} from ${table} where conversation_id = ? order by ${key} limit ?`,
          values: [conversation, rows],
        };
  return {
    name: `erase_${table}`,
    // A receipt is another conversation's too in rows from before receipts were unique.
    sql: `delete from ${table} where ${key} in (${next.sql}) and conversation_id = ? returning ${returning}`,
    values: [...next.values, conversation],
  };
}

/** For {@link forgetWords}: those that the vocabulary has. */
function rememberWords({ dialect }: Connection, words: readonly string[]): Statement | null {
  if (dialect === "sqlite" || words.length === 0) return null;
  return {
    name: "remember_erased_words",
    sql: `insert into erased_words (word)
      select word from (select distinct left(word, 64) collate "C" as word
        from unnest(string_to_array(?, ' ')) as word) as erased
      where exists (select 1 from search_words where search_words.word = erased.word)
      order by word on conflict (word) do nothing`,
    values: [words.join(" ")],
  };
}

/** Nothing of these is left, in Redis neither. */
export async function finishErasures(
  { dialect, write }: Store,
  { conversations, now }: { conversations: readonly string[]; now: number },
): Promise<void> {
  await query(
    { dialect, knex: write },
    {
      name: "finish_erasures",
      sql: `update tombstones set finished_at = ?
        where ${among(dialect, "conversation_id", "uuid")} and finished_at is null`,
      values: [now, asList(dialect, conversations)],
    },
  );
}

/** Buried ones that somebody has to go on with, or with `byAge` a worker: some of them, when there are many. */
export async function unfinishedErasures(
  store: Store,
  { byAge = false, limit = 1_000 }: { byAge?: boolean; limit?: number } = {},
): Promise<string[]> {
  const rows = await query<{ conversation_id: string }>(
    { dialect: store.dialect, knex: store.read },
    {
      name: byAge ? "unfinished_by_age" : "unfinished_erasures",
      sql: `select conversation_id from tombstones
        where finished_at is null ${byAge ? "and by_age = 1" : ""} order by conversation_id limit ?`,
      values: [limit],
    },
  );
  return rows.map(({ conversation_id }) => conversation_id);
}
