import type { Receipt, Term, Timestamp } from "@fio/contracts";
import type { Dialect, Store } from "../connect.ts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import {
  beginOf,
  blocksBefore,
  blocksUpTo,
  halvesOf,
  SMALLEST_BITS,
  wordsOfBlock,
  type TimeBlock,
} from "../time-blocks.ts";
import { completionsOf } from "./completions.ts";
import { rawRows } from "./raw.ts";
import { matchOf } from "./search-match.ts";
import type { MessageKey } from "./thread.ts";

/** One match: which message, and its place. */
export type Found = { id: string; timestamp: Timestamp; receipt: Receipt };

/** `searchedBackTo`: the search stopped there, and older matches may follow; `null`: it has seen all that it had to. */
export type NewestMatches = { found: Found[]; searchedBackTo: Timestamp | null };

/** Rows that one statement reads: a block with more matches is cut in halves. */
const MOST = 400;
/** Before the wide blocks one look over all time: a rare word is all found then. */
const PROBE_BITS = 31;
/** Blocks so short that the messages in them are few: nine hours by SQLite's index of beginnings, 17 minutes without. */
const NARROW_BITS: Record<Dialect, number> = { sqlite: 25, postgres: 20 };

/**
 * The newest matches by (place, receipt), at least `wanted` of them where there are so many.
 *
 * Neither index knows an order, and to read every match of a common word takes seconds. So time is searched block by
 * block, newest first, and a block that holds more than a page's worth is searched by its halves: what is read is about
 * as much whether the word is rare or in every message, and whenever its messages were written. `deadline` in
 * milliseconds of `clock`: what is found by then is the answer, and says how far back it was searched.
 */
export async function newestMatches(
  store: Store,
  {
    terms,
    wanted,
    newest,
    isContinued,
    before,
    deadline,
    clock,
  }: {
    terms: readonly Term[];
    wanted: number;
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
  const read = (block: TimeBlock, most: number | null): Promise<Found[]> =>
    readMatches(store, { terms, completions, block, before, most });
  const isBefore = ({ timestamp, receipt }: Found): boolean =>
    before === undefined || timestamp < before[0] || (timestamp === before[0] && receipt < before[1]);
  const isEnough = (): boolean => found.length >= wanted || clock() >= deadline;

  const search = async (block: TimeBlock): Promise<void> => {
    const isSmallest = block.bits === SMALLEST_BITS;
    const rows = await read(block, isSmallest ? null : MOST);
    if (isSmallest || rows.length < MOST) {
      found.push(...rows.toSorted(newestFirst));
      progress.backTo = beginOf(block);
      return;
    }
    for (const half of halvesOf(block)) {
      await search(half);
      if (isEnough()) return;
    }
  };

  try {
    for (const block of isContinued ? blocksBefore(newest) : blocksUpTo(newest)) {
      if (!probed && block.bits >= PROBE_BITS) {
        probed = true;
        const all = await readMatches(store, {
          terms,
          completions,
          block: null,
          before: undefined,
          most: MOST,
        });
        if (all.length < MOST)
          return { found: all.filter(isBefore).toSorted(newestFirst), searchedBackTo: null };
        if (clock() >= deadline) break;
      }
      await search(block);
      if (found.length >= wanted) return { found, searchedBackTo: null };
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

/** Without an order: what an index of matches gives first is read, and no more than `most` of it. */
async function readMatches(
  { dialect, read }: Store,
  {
    terms,
    completions,
    block,
    before,
    most,
  }: {
    terms: readonly Term[];
    completions: readonly string[] | null;
    block: TimeBlock | null;
    before: MessageKey | undefined;
    most: number | null;
  },
): Promise<Found[]> {
  const times = block === null ? [] : wordsOfBlock(block);
  const narrow = block !== null && block.bits <= NARROW_BITS[dialect];
  const { match, begins } = matchOf(dialect, { terms, completions, times, narrow });
  const rows = await rawRows<{ id: string; timestamp: Timestamp; receipt: StoredReceipt }>(
    read,
    `select messages.id, messages.timestamp, messages.receipt ${FOUND[dialect]}
    ${begins === null ? "" : `and ${POSITION[dialect]}(' ' || messages.words, ' ' || :begins) > 0`}
    ${before === undefined ? "" : "and (messages.timestamp, messages.receipt) < (:timestamp, :receipt)"}
    ${most === null ? "" : "limit :most"}`,
    {
      match,
      ...(most === null ? {} : { most }),
      ...(begins === null ? {} : { begins }),
      ...(before === undefined ? {} : { timestamp: before[0], receipt: before[1] }),
    },
  );
  return rows.map(({ id, timestamp, receipt }) => ({ id, timestamp, receipt: receiptFrom(receipt) }));
}
