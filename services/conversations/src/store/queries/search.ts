import {
  queryTerms,
  receiptOf,
  type ContactRow,
  type ConversationState,
  type SearchHit,
  type Timestamp,
} from "@fio/contracts";
import type { Store } from "../connect.ts";
import { contactsOf } from "./contact-rows.ts";
import { newestActivity } from "./conversations.ts";
import { readConversations } from "./find-by-name.ts";
import { newestMatches } from "./newest-matches.ts";
import type { Page } from "./page.ts";
import type { Found, MatchFilter } from "./read-matches.ts";
import { isHidden, type Sight } from "./sight.ts";
import { messageFrom, type MessageColumns } from "./rows.ts";
import type { MessageKey } from "./thread.ts";

type Row = MessageColumns & {
  conversation_id: string;
  state: ConversationState;
  contact_key: string | null;
};

/**
 * `searchedBackTo`: the search took too long and has looked no further back; `next` goes on from there, and the page may
 * be short or empty.
 */
export type SearchPage = Page<SearchHit, MessageKey> & { searchedBackTo: Timestamp | null };

/** Well below the time after which the store ends a statement, and whoever asks gives up. */
const LIMIT_MS = 2_500;
/** Below every receipt that was ever given. */
const BELOW_ALL = receiptOf(0);

/** With groups a page stands for at most so many messages. */
const MOST_GROUPED = 500;

export type MessageSearch = MatchFilter & {
  q: string;
  limit: number;
  before?: MessageKey;
  /** Nothing at this time or later. */
  to?: Timestamp;
  /** `conversation`: of each the newest message of the page alone, and how many more there are. */
  group?: "conversation";
};

/** Messages that hold all words of `q`, newest first by (place, receipt). `clock` in milliseconds. */
export async function searchMessages(
  store: Store,
  {
    q,
    limit,
    before,
    to,
    group,
    clock = () => performance.now(),
    limitMs = LIMIT_MS,
    ...filter
  }: MessageSearch & { clock?: () => number; limitMs?: number },
): Promise<SearchPage> {
  const terms = queryTerms(q);
  const activity = before === undefined ? await newestActivity(store.read) : before[0];
  if (terms.length === 0 || activity === null) return { items: [], next: null, searchedBackTo: null };
  // Where a page ended goes before where all must end.
  const isFirst = to !== undefined && (before === undefined || before[0] > to);
  const below: MessageKey | undefined = isFirst ? [to, BELOW_ALL] : before;
  const deadline = clock() + limitMs;
  const isEnough = (found: readonly Found[]): boolean =>
    group === undefined ? found.length > limit : pageSize(found, limit) < found.length;
  const { found, searchedBackTo } = await newestMatches(store, {
    ...{ terms, filter, isEnough, deadline, clock },
    most: (group === undefined ? limit : MOST_GROUPED) + 1,
    newest: to !== undefined && to < activity ? to : activity,
    before: below,
    isContinued: !isFirst && before?.[1] === BELOW_ALL,
  });
  const shown = found.slice(0, group === undefined ? limit : pageSize(found, limit));
  const last = shown.at(-1);
  const isMore = found.length > shown.length && last !== undefined;
  const stopped = isMore ? null : searchedBackTo;
  return {
    items: group === undefined ? await readHits(store, shown.map(idOf)) : await readGroups(store, shown),
    next: isMore ? [last.timestamp, last.receipt] : stopped === null ? null : [stopped, BELOW_ALL],
    searchedBackTo: stopped,
  };
}

/** How many of the newest matches make a page of `limit` conversations. */
function pageSize(found: readonly Found[], limit: number): number {
  const conversations = new Set<string>();
  for (const [index, { conversation_id }] of found.slice(0, MOST_GROUPED).entries()) {
    if (conversations.size === limit && !conversations.has(conversation_id)) return index;
    conversations.add(conversation_id);
  }
  return Math.min(found.length, MOST_GROUPED);
}

const idOf = ({ id }: Found): string => id;

async function readGroups(store: Store, found: readonly Found[]): Promise<SearchHit[]> {
  const groups = new Map<string, { newest: Found; more: number }>();
  for (const one of found) {
    const group = groups.get(one.conversation_id);
    if (group === undefined) groups.set(one.conversation_id, { newest: one, more: 0 });
    else group.more += 1;
  }
  const hits = await readHits(
    store,
    [...groups.values()].map(({ newest }) => newest.id),
  );
  return hits.map((hit) => ({ ...hit, more: groups.get(hit.conversation_id)?.more ?? 0 }));
}

/** What an id names and may be seen: the conversation itself, or the message with this id in its conversation; `null` for neither. */
export async function findById(store: Store, id: string, sight: Sight = null): Promise<SearchHit | null> {
  const [conversation] = await readConversations(store, [id]);
  const hit = conversation ?? (await readHits(store, [id]))[0] ?? null;
  return hit === null || (await isHidden(store.read, sight, hit.conversation_id)) ? null : hit;
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
      "m.author_id",
      "m.author_name",
      "m.media",
      "c.state",
      "c.contact_key",
    );
  const contacts = await contactsOf(read, rows);
  const byId = new Map(rows.map((row) => [row.id, hitFrom(row, contacts)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function hitFrom(
  { conversation_id, state, contact_key, ...message }: Row,
  contacts: ReadonlyMap<string, ContactRow>,
): SearchHit {
  const contact = contact_key === null ? undefined : contacts.get(contact_key);
  const of = contact === undefined ? {} : { contact };
  return { conversation_id, state, message: messageFrom(message), ...of };
}
