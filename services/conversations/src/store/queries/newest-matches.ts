import type { ConversationState, Direction, Receipt, Term, Timestamp } from "@fio/contracts";
import type { Dialect, Store } from "../connect.ts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import {
  beginOf,
  endOf,
  blocksBefore,
  blocksUpTo,
  halvesOf,
  SMALLEST_BITS,
  wordsOfBlock,
  type TimeBlock,
} from "../time-blocks.ts";
import { completionsOf } from "./completions.ts";
import { rawRows } from "./raw.ts";
import { sees, type Sight } from "./sight.ts";
import { matchOf } from "./search-match.ts";
import type { MessageKey } from "./thread.ts";

/** One match: which message, and its place. */
export type Found = { id: string; conversation_id: string; timestamp: Timestamp; receipt: Receipt };

/** What a match must be beside its words. The indexes of words know nothing of it. */
export type MatchFilter = {
  from?: Timestamp;
  state?: ConversationState;
  direction?: Direction;
  sight?: Sight;
};

/** `searchedBackTo`: the search stopped there, and older matches may follow; `null`: it has seen all that it had to. */
export type NewestMatches = { found: Found[]; searchedBackTo: Timestamp | null };

/** Rows that one statement reads: a block with more matches is cut in halves. */
const MOST = 400;
/** What a filter leaves out counts too, and to walk back to the year 0 for what is not there takes seconds. */
const MOST_FILTERED = 5_000;
/** Before the wide blocks one look over all time: a rare word is all found then. */
const PROBE_BITS = 31;
/**
 * Of a word that is known to be in so many messages it would find too many, and Postgres puts all of them together first.
 * Of several words only the look itself tells how often they are together.
 */
const MOST_PROBED = 50_000;
/** Blocks so short that the messages in them are few: nine hours by SQLite's index of beginnings, 17 minutes without. */
const NARROW_BITS: Record<Dialect, number> = { sqlite: 25, postgres: 20 };

/**
 * The newest matches by (place, receipt), so many that they are enough, where there are so many.
 *
 * Neither index knows an order, and to read every match of a common word takes seconds. So time is searched block by
 * block, newest first, and a block that holds more than a page's worth is searched by its halves: what is read is about
 * as much whether the word is rare or in every message, and whenever its messages were written. What a filter
 * leaves out counts as read. `deadline` in milliseconds of `clock`: what is found by then is the answer, and says how far back it was searched.
 */
export async function newestMatches(
  store: Store,
  {
    terms,
    filter,
    isEnough: suffices,
    most,
    newest,
    isContinued,
    before,
    deadline,
    clock,
  }: {
    terms: readonly Term[];
    filter: MatchFilter;
    isEnough: (found: readonly Found[]) => boolean;
    /** So many matches are always enough. */
    most: number;
    /** No match is newer; the begin of a block where an earlier search stopped and this one goes on. */
    newest: Timestamp;
    isContinued: boolean;
    before: MessageKey | undefined;
    deadline: number;
    clock: () => number;
  },
): Promise<NewestMatches> {
  const completions = await completionsOf(store, terms);
  if (completions?.length === 0) return { found: [], searchedBackTo: null };
  const found: Found[] = [];
  const progress: { backTo: Timestamp | null } = { backTo: null };
  let probed = false;
  const { from } = filter;
  const isFiltered =
    filter.state !== undefined || filter.direction !== undefined || (filter.sight ?? null) !== null;
  const asked = { terms, completions, filter, before };
  const isEnough = (): boolean => suffices(found) || clock() >= deadline;
  const isPast = (block: TimeBlock): boolean => from !== undefined && endOf(block) <= from;

  const search = async (block: TimeBlock): Promise<void> => {
    const isSmallest = block.bits === SMALLEST_BITS;
    const { matches, isWhole } = await readMatches(store, { ...asked, block });
    if (isWhole || isSmallest) {
      // However many there are at one place: its newest are put in order by the database.
      const newestOfAll = isWhole
        ? matches
        : await readNewest(store, { ...asked, block, most: most - found.length });
      found.push(...newestOfAll.toSorted(newestFirst));
      progress.backTo = beginOf(block);
      return;
    }
    for (const half of halvesOf(block)) {
      if (isPast(half)) return;
      await search(half);
      if (isEnough()) return;
    }
  };

  try {
    for (const block of isContinued ? blocksBefore(newest) : blocksUpTo(newest)) {
      if (isPast(block)) return { found, searchedBackTo: null };
      if (!probed && block.bits >= PROBE_BITS) {
        probed = true;
        const all = await readAll(store, asked, isFiltered ? MOST_FILTERED : MOST);
        if (all !== null) return { found: all.toSorted(newestFirst), searchedBackTo: null };
        if (clock() >= deadline) break;
      }
      await search(block);
      if (suffices(found)) return { found, searchedBackTo: null };
      if (clock() >= deadline) return { found, searchedBackTo: progress.backTo };
    }
  } catch (error) {
    if (!isTimeout(error) || progress.backTo === null) throw error;
    return { found, searchedBackTo: progress.backTo };
  }
  return { found, searchedBackTo: clock() >= deadline ? progress.backTo : null };
}

/** A statement that was cancelled for its time: the store is well, the search was long. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "57014";
}

const newestFirst = (a: Found, b: Found): number =>
  a.timestamp === b.timestamp ? (a.receipt < b.receipt ? 1 : -1) : a.timestamp < b.timestamp ? 1 : -1;

const POSITION: Record<Dialect, string> = { sqlite: "instr", postgres: "strpos" };

const FOUND: Record<Dialect, string> = {
  sqlite: `from message_search cross join messages on messages.receipt = message_search.rowid
    where message_search match :match`,
  postgres: "from messages where array_to_tsvector(string_to_array(words, ' ')) @@ :match::tsquery",
};

type Asked = {
  terms: readonly Term[];
  completions: readonly string[] | null;
  filter: MatchFilter;
  block: TimeBlock | null;
  before: MessageKey | undefined;
};

type Row = {
  id: string;
  conversation_id: string;
  timestamp: Timestamp;
  receipt: StoredReceipt;
  direction: Direction;
  state?: ConversationState;
  holder?: string | null;
};

const foundFrom = ({ id, conversation_id, timestamp, receipt }: Row): Found => ({
  id,
  conversation_id,
  timestamp,
  receipt: receiptFrom(receipt),
});

/**
 * Without an order: what an index of matches gives first is read, and no more than a page of it. `isWhole`: it was all.
 * The filter comes after, or a statement would read on and on for one that leaves nearly everything out.
 */
async function readMatches(
  store: Store,
  asked: Asked,
  most = MOST,
): Promise<{ matches: Found[]; isWhole: boolean }> {
  const { from, state, direction, sight = null } = asked.filter;
  const { text, bindings } = selectMatches(store.dialect, asked);
  const ofConversation = [
    ...(state === undefined ? [] : [["state", "state"]]),
    ...(sight === null ? [] : [["assigned_id", "holder"]]),
  ].map(([column, as]) => `(select ${column} from conversations where id = found.conversation_id) as ${as}`);
  const rows = await rawRows<Row>(
    store.read,
    ofConversation.length === 0
      ? `${text} limit :most`
      : `select found.*, ${ofConversation.join(", ")} from (${text} limit :most) as found`,
    { ...bindings, most },
  );
  const { before } = asked;
  const fits = (row: Row): boolean =>
    (from === undefined || row.timestamp >= from) &&
    (state === undefined || row.state === state) &&
    sees(sight, row.holder) &&
    (direction === undefined || row.direction === direction);
  const matches = rows.filter(fits).map(foundFrom);
  return {
    matches: before === undefined ? matches : matches.filter((one) => isBefore(one, before)),
    isWhole: rows.length < most,
  };
}

/** All matches there are, or `null` where that is more than `most`. */
async function readAll(store: Store, asked: Omit<Asked, "block">, most: number): Promise<Found[] | null> {
  const ofAllTime = { ...asked, block: null };
  if (asked.terms.length === 1 && (await estimateMatches(store, ofAllTime)) > MOST_PROBED) return null;
  const { matches, isWhole } = await readMatches(store, ofAllTime, most);
  return isWhole ? matches : null;
}

/** What the planner makes of the matches; it knows words that are in many messages. SQLite reads no more than is asked. */
async function estimateMatches(store: Store, asked: Asked): Promise<number> {
  if (store.dialect === "sqlite") return 0;
  const { text, bindings } = selectMatches(store.dialect, asked);
  const [row] = await rawRows<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }>(
    store.read,
    `explain (format json) ${text}`,
    bindings,
  );
  return row?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
}

/** The newest of a block that is too short to be halved, so many at most; all of them are read for it. */
async function readNewest(store: Store, { most, ...asked }: Asked & { most: number }): Promise<Found[]> {
  const { from, state, direction, sight = null } = asked.filter;
  const { text, bindings } = selectMatches(store.dialect, asked);
  const rows = await rawRows<Row>(
    store.read,
    `select found.* from (${text}) as found
      ${state === undefined ? "" : "join conversations on conversations.id = found.conversation_id and conversations.state = :state"}
      ${sight === null ? "" : "join conversations as held on held.id = found.conversation_id and (held.assigned_id is null or held.assigned_id = :agent)"}
      where true ${from === undefined ? "" : "and found.timestamp >= :from"}
        ${direction === undefined ? "" : "and found.direction = :direction"}
      order by found.timestamp desc, found.receipt desc limit :most`,
    {
      ...bindings,
      most,
      ...(state === undefined ? {} : { state }),
      ...(sight === null ? {} : { agent: sight.agent }),
      ...(from === undefined ? {} : { from }),
      ...(direction === undefined ? {} : { direction }),
    },
  );
  return rows.map(foundFrom);
}

const isBefore = ({ timestamp, receipt }: Found, [place, at]: MessageKey): boolean =>
  timestamp < place || (timestamp === place && receipt < at);

function selectMatches(
  dialect: Dialect,
  { terms, completions, block, before }: Asked,
): { text: string; bindings: Record<string, string> } {
  const times = block === null ? [] : wordsOfBlock(block);
  const narrow = block !== null && block.bits <= NARROW_BITS[dialect];
  const { match, begins } = matchOf(dialect, { terms, completions, times, narrow });
  // Of all time everything is asked for, to know whether it is little.
  const below = block === null ? undefined : before;
  return {
    text: `select messages.id, messages.conversation_id, messages.timestamp, messages.receipt, messages.direction
    ${FOUND[dialect]}
    ${begins === null ? "" : `and ${POSITION[dialect]}(' ' || messages.words, ' ' || :begins) > 0`}
    ${below === undefined ? "" : "and (messages.timestamp, messages.receipt) < (:timestamp, :receipt)"}`,
    bindings: {
      match,
      ...(begins === null ? {} : { begins }),
      ...(below === undefined ? {} : { timestamp: below[0], receipt: below[1] }),
    },
  };
}
