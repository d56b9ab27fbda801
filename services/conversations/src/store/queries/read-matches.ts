import type { ConversationState, Direction, Receipt, Term, Timestamp } from "@fio/contracts";
import type { Dialect, Store } from "../connect.ts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import { wordsOfBlock, type TimeBlock } from "../time-blocks.ts";
import { rawRows } from "./raw.ts";
import { sees, type Sight } from "./sight.ts";
import { matchOf } from "./search-match.ts";
import type { MessageKey } from "./thread.ts";

/*
 * What a search asks an index of words for. On Postgres such an index gives nothing before it has collected every match, however
 * few are wanted; on SQLite it reads no more than is asked for.
 */

/** One match: which message, and its place. */
export type Found = { id: string; conversation_id: string; timestamp: Timestamp; receipt: Receipt };

/** What a match must be beside its words. The indexes of words know nothing of it. */
export type MatchFilter = {
  from?: Timestamp;
  state?: ConversationState;
  direction?: Direction;
  sight?: Sight;
};

/**
 * `index`: the index collects all that begins so. `filter`: it is asked for the other words alone, and only rows that begin so are
 * given and counted. `compared`: all of its rows are given, and count.
 */
export type Beginning = "index" | "filter" | "compared";

/** Matches of `terms` in `block`, `null`: of all time. `completions`: the words that the last one begins, where they are known. */
export type Asked = {
  terms: readonly Term[];
  completions: readonly string[] | null;
  filter: MatchFilter;
  block: TimeBlock | null;
  /** Who sees whether a word begins as the last one asks. */
  beginning: Beginning;
  before: MessageKey | undefined;
};

/** Rows that one statement reads: a block with more matches is cut in halves. */
export const MOST = 400;
/** Blocks so short that the messages in them are few: nine hours by SQLite's index of beginnings, 17 minutes without. */
export const NARROW_BITS: Record<Dialect, number> = { sqlite: 25, postgres: 20 };

const POSITION: Record<Dialect, string> = { sqlite: "instr", postgres: "strpos" };

const FOUND: Record<Dialect, string> = {
  sqlite: `from message_search cross join messages on messages.receipt = message_search.rowid
    where message_search match :match`,
  postgres: "from messages where array_to_tsvector(string_to_array(words, ' ')) @@ :match::tsquery",
};

type Row = {
  id: string;
  conversation_id: string;
  timestamp: Timestamp;
  receipt: StoredReceipt;
  direction: Direction;
  /** Whether a word begins as asked, where the index was not asked for that. */
  begins?: boolean | 0 | 1;
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
export async function readMatches(
  store: Store,
  asked: Asked,
  most = MOST,
): Promise<{ matches: Found[]; isWhole: boolean; compared: { rows: number; begin: number } }> {
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
    Boolean(row.begins ?? true) &&
    (from === undefined || row.timestamp >= from) &&
    (state === undefined || row.state === state) &&
    sees(sight, row.holder) &&
    (direction === undefined || row.direction === direction);
  const matches = rows.filter(fits).map(foundFrom);
  return {
    matches: before === undefined ? matches : matches.filter((one) => isBefore(one, before)),
    isWhole: rows.length < most,
    compared:
      rows[0]?.begins === undefined
        ? { rows: 0, begin: 0 }
        : { rows: rows.length, begin: rows.filter(({ begins }) => Boolean(begins)).length },
  };
}

/** What the planner makes of the matches; it knows words that are in many messages. SQLite reads no more than is asked. */
export async function estimateMatches(store: Store, asked: Asked): Promise<number> {
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
export async function readNewest(
  store: Store,
  { most, ...asked }: Asked & { most: number },
): Promise<Found[]> {
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

/**
 * Whether the index would collect more than `mostCollected` for the beginning, whatever the other words are: then every so many
 * of their rows begin so, as long as the words have to do with each other.
 */
export async function isCommonBeginning(
  store: Store,
  { terms, completions }: Pick<Asked, "terms" | "completions">,
  mostCollected: number,
): Promise<boolean> {
  if (store.dialect === "sqlite") return false;
  const alone = { terms: terms.slice(-1), completions, filter: {}, before: undefined };
  // One letter is a word by itself, and a number of several parts is asked for by them.
  const { begins } = matchOf(store.dialect, { ...alone, times: [], narrow: true });
  if (begins === null) return false;
  return (await estimateMatches(store, { ...alone, block: null, beginning: "index" })) > mostCollected;
}

function selectMatches(
  dialect: Dialect,
  { terms, completions, block, beginning, before }: Asked,
): { text: string; bindings: Record<string, string> } {
  const times = block === null ? [] : wordsOfBlock(block);
  const { match, begins } = matchOf(dialect, { terms, completions, times, narrow: beginning !== "index" });
  // Of all time everything is asked for, to know whether it is little.
  const below = block === null ? undefined : before;
  const fits = `${POSITION[dialect]}(' ' || messages.words, ' ' || :begins) > 0`;
  const isCompared = beginning === "compared" && begins !== null;
  return {
    text: `select messages.id, messages.conversation_id, messages.timestamp, messages.receipt, messages.direction
    ${isCompared ? `, ${fits} as begins` : ""}
    ${FOUND[dialect]}
    ${begins === null || isCompared ? "" : `and ${fits}`}
    ${below === undefined ? "" : "and (messages.timestamp, messages.receipt) < (:timestamp, :receipt)"}`,
    bindings: {
      match,
      ...(begins === null ? {} : { begins }),
      ...(below === undefined ? {} : { timestamp: below[0], receipt: below[1] }),
    },
  };
}
