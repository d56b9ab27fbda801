import { timestampOf, words, type ConversationState, type SearchHit } from "@fio/contracts";
import type { Dialect, Store } from "../connect.ts";
import { receiptFrom } from "../rows.ts";
import { stretchesFor } from "../searchable-words.ts";
import { newestActivity, stateOf } from "./conversations.ts";
import { pageOf, type Page } from "./page.ts";
import { rawRows } from "./raw.ts";
import { matchOf, type Match } from "./search-match.ts";
import { messageFrom, type MessageColumns } from "./rows.ts";
import type { MessageKey } from "./thread.ts";

type Row = MessageColumns & { conversation_id: string; state: ConversationState };

/**
 * Messages that hold all words of `q`, newest first by (place, receipt). `now` in milliseconds since 1970.
 */
export async function searchMessages(
  store: Store,
  { q, limit, before, now }: { q: string; limit: number; before?: MessageKey; now: number },
): Promise<Page<SearchHit, MessageKey>> {
  const wanted = words(q);
  const newest = before?.[0] ?? (await newestActivity(store.read));
  if (wanted.length === 0 || newest === null) return { items: [], next: null };

  const present = timestampOf(now);
  const span = { from: newest < present ? newest : present, to: newest };
  let rows: Row[] = [];
  for (const { times, narrow } of [...stretchesFor(span), { times: [], narrow: false }]) {
    const match = matchOf(store.dialect, { wanted, times, narrow });
    rows = await matches(store, { ...match, limit: limit + 1, before });
    if (rows.length > limit) break;
  }
  return pageOf(rows, {
    limit,
    item: hitFrom,
    key: ({ timestamp, receipt }): MessageKey => [timestamp, receiptFrom(receipt)],
  });
}

/** What an id names: the conversation itself, or the message with this id in its conversation; `null` for neither. */
export async function findById({ read }: Store, id: string): Promise<SearchHit | null> {
  const state = await stateOf(read, id);
  if (state !== null) return { conversation_id: id, state, message: null };
  const row = await read("messages as m")
    .join("conversations as c", "c.id", "m.conversation_id")
    .where("m.id", id)
    .first<Row | undefined>(
      "m.id",
      "m.conversation_id",
      "m.direction",
      "m.content",
      "m.timestamp",
      "m.sent_at",
      "m.receipt",
      "c.state",
    );
  return row === undefined ? null : hitFrom(row);
}

const FOUND: Record<Dialect, string> = {
  sqlite: `from message_search cross join messages on messages.receipt = message_search.rowid
    where message_search match :match`,
  postgres: "from messages where array_to_tsvector(string_to_array(words, ' ')) @@ :match::tsquery",
};

/*
 * Materialised and by nothing but the match, or Postgres might walk the messages in some order and hope to meet matches
 * soon. Contents are only read of those that are shown.
 */
function matches(
  { dialect, read }: Store,
  { match, begins, limit, before }: Match & { limit: number; before: MessageKey | undefined },
): Promise<Row[]> {
  return rawRows<Row>(
    read,
    `with found as materialized (select messages.id, messages.timestamp, messages.receipt ${FOUND[dialect]}
    ${begins === null ? "" : "and instr(' ' || messages.words, ' ' || :begins) > 0"}),
newest as (
  select id from found ${before === undefined ? "" : "where (timestamp, receipt) < (:timestamp, :receipt)"}
  order by timestamp desc, receipt desc limit :limit)
select m.id, m.conversation_id, m.direction, m.content, m.timestamp, m.sent_at, m.receipt, c.state
from newest join messages as m on m.id = newest.id join conversations as c on c.id = m.conversation_id
order by m.timestamp desc, m.receipt desc`,
    {
      match,
      limit,
      ...(begins === null ? {} : { begins }),
      ...(before === undefined ? {} : { timestamp: before[0], receipt: before[1] }),
    },
  );
}

function hitFrom({ conversation_id, state, ...message }: Row): SearchHit {
  return { conversation_id, state, message: messageFrom(message) };
}
