import type { Term, Timestamp } from "@fio/contracts";
import type { Store } from "../connect.ts";
import {
  beginOf,
  endOf,
  blocksBefore,
  blocksUpTo,
  halvesOf,
  SMALLEST_BITS,
  stretchesOf,
  type TimeBlock,
} from "../time-blocks.ts";
import { completionsOf } from "./completions.ts";
import {
  comparedBits,
  estimateMatches,
  MOST,
  readMatches,
  readNewest,
  type Asked,
  type Found,
  type MatchFilter,
} from "./read-matches.ts";
import type { MessageKey } from "./thread.ts";

/** `searchedBackTo`: the search stopped there, and older matches may follow; `null`: it has seen all that it had to. */
export type NewestMatches = { found: Found[]; searchedBackTo: Timestamp | null };

/** What a filter leaves out counts too, and to walk back to the year 0 for what is not there takes seconds. */
const MOST_FILTERED = 5_000;
/** Before the wide blocks one look over all time: a rare word is all found then. */
const PROBE_BITS = 31;
/** More than that take Postgres some 10 ms to collect. */
const MOST_COLLECTED = 50_000;
/** Of a block of 19 hours or more the planner knows about how many matches it holds; the words of shorter times are too many. */
const ESTIMATED_BITS = 26;
/** Of a block of more stretches Postgres looks at every message of each, of fewer it leaps from match to match. */
const FEW_STRETCHES = 4;

/**
 * The newest matches by (place, receipt), so many that they are enough, where there are so many.
 *
 * Neither index knows an order, and to read every match of a common word takes seconds. So time is searched block by
 * block, newest first, and a block that holds more than a page's worth is searched by its halves: what is read is about
 * as much whether the word is rare or in every message, and whenever its messages were written. Postgres collects all that a block
 * holds before it gives the first, so a block where many are expected is not asked at all. What a filter leaves out counts as read. `deadline` in milliseconds of `clock`: what is found by then is the answer, and says how far back it was searched.
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
    mostCollected = MOST_COLLECTED,
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
    /** Matches that Postgres may have to collect for one statement, by its own estimate. */
    mostCollected?: number;
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

  const narrowBits = await comparedBits(store, asked, mostCollected);

  const search = async (block: TimeBlock): Promise<void> => {
    const isSmallest = block.bits === SMALLEST_BITS;
    const askedHere = { ...asked, block, narrow: block.bits <= narrowBits };
    const expected = block.bits >= ESTIMATED_BITS ? await estimateMatches(store, askedHere) : 0;
    if (expected <= (stretchesOf(block) > FEW_STRETCHES ? MOST : mostCollected)) {
      // Of many it is only asked whether there are any.
      const atMost = expected > MOST ? 1 : MOST;
      const { matches, isWhole } = await readMatches(store, askedHere, atMost);
      if (isWhole || isSmallest) {
        // However many there are at one place: its newest are put in order by the database.
        const newestOfAll = isWhole
          ? matches
          : await readNewest(store, { ...askedHere, most: most - found.length });
        found.push(...newestOfAll.toSorted(newestFirst));
        progress.backTo = beginOf(block);
        return;
      }
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
        const all = await readAll(store, asked, {
          ...{ most: isFiltered ? MOST_FILTERED : MOST, mostCollected },
          isCompared: narrowBits === Infinity,
        });
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

/**
 * All matches there are, or `null` where that is more than `most`. Of several words only the look itself tells how often
 * they are together; a beginning that is compared is left to the rows of the others.
 */
async function readAll(
  store: Store,
  asked: Omit<Asked, "block" | "narrow">,
  { most, mostCollected, isCompared }: { most: number; mostCollected: number; isCompared: boolean },
): Promise<Found[] | null> {
  const isAlone = asked.terms.length === 1;
  if (isAlone && isCompared) return null;
  const ofAllTime = { ...asked, block: null, narrow: isCompared };
  if ((isAlone || isCompared) && (await estimateMatches(store, ofAllTime)) > mostCollected) return null;
  const { matches, isWhole } = await readMatches(store, ofAllTime, most);
  return isWhole ? matches : null;
}
