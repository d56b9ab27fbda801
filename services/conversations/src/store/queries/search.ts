import {
  queryTerms,
  receiptOf,
  type ConversationState,
  type SearchHit,
  type Timestamp,
} from "@fio/contracts";
import type { Store } from "../connect.ts";
import { newestActivity, stateOf } from "./conversations.ts";
import { newestMatches } from "./newest-matches.ts";
import type { Page } from "./page.ts";
import { messageFrom, type MessageColumns } from "./rows.ts";
import type { MessageKey } from "./thread.ts";

type Row = MessageColumns & { conversation_id: string; state: ConversationState };

/**
 * `searchedBackTo`: the search took too long and has looked no further back; `next` goes on from there, and the page may
 * be short or empty.
 */
export type SearchPage = Page<SearchHit, MessageKey> & { searchedBackTo: Timestamp | null };

/** Well below the time after which the store ends a statement, and whoever asks gives up. */
const LIMIT_MS = 2_500;
/** Below every receipt that was ever given. */
const BELOW_ALL = receiptOf(0);

/** Messages that hold all words of `q`, newest first by (place, receipt). `clock` in milliseconds. */
export async function searchMessages(
  store: Store,
  {
    q,
    limit,
    before,
    clock = () => performance.now(),
    limitMs = LIMIT_MS,
  }: { q: string; limit: number; before?: MessageKey; clock?: () => number; limitMs?: number },
): Promise<SearchPage> {
  const terms = queryTerms(q);
  const newest = before?.[0] ?? (await newestActivity(store.read));
  if (terms.length === 0 || newest === null) return { items: [], next: null, searchedBackTo: null };
  const deadline = clock() + limitMs;
  const { found, searchedBackTo } = await newestMatches(store, {
    ...{ terms, newest, before, deadline, clock },
    isContinued: before?.[1] === BELOW_ALL,
    wanted: limit + 1,
  });
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const isMore = found.length > limit && last !== undefined;
  const stopped = isMore ? null : searchedBackTo;
  return {
    items: await readHits(
      store,
      shown.map(({ id }) => id),
    ),
    next: isMore ? [last.timestamp, last.receipt] : stopped === null ? null : [stopped, BELOW_ALL],
    searchedBackTo: stopped,
  };
}

/** What an id names: the conversation itself, or the message with this id in its conversation; `null` for neither. */
export async function findById(store: Store, id: string): Promise<SearchHit | null> {
  const state = await stateOf(store.read, id);
  if (state !== null) return { conversation_id: id, state, message: null };
  return (await readHits(store, [id]))[0] ?? null;
}

/** In the order of the ids; what has left meanwhile is left out. */
async function readHits({ read }: Store, ids: readonly string[]): Promise<SearchHit[]> {
  if (ids.length === 0) return [];
  const rows = await read("messages as m")
    .join("conversations as c", "c.id", "m.conversation_id")
    .whereIn("m.id", ids)
    .select<Row[]>(
      "m.id",
      "m.conversation_id",
      "m.direction",
      "m.content",
      "m.timestamp",
      "m.sent_at",
      "m.receipt",
      "c.state",
    );
  const byId = new Map(rows.map((row) => [row.id, hitFrom(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function hitFrom({ conversation_id, state, ...message }: Row): SearchHit {
  return { conversation_id, state, message: messageFrom(message) };
}
