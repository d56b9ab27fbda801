import type { Term, Timestamp } from "@fio/contracts";
import type { Store } from "../connect.ts";
import {
  beginOf,
  blocksBefore,
  blocksUpTo,
  halvesOf,
  isEarlier,
  SMALLEST_BITS,
  stretchesOf,
  type TimeBlock,
} from "../time-blocks.ts";
import { completionsOf } from "./completions.ts";
import {
  estimateMatches,
  isCommonBeginning,
  MOST,
  NARROW_BITS,
  readMatches,
  readNewest,
  type Asked,
  type Beginning,
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
/** So many rows are compared with a beginning before it is seen whether one of so many begins so: enough for a page. */
const MOST_COMPARED = 4_000;
const FEW_BEGIN = 100;
/** Of a block of more stretches Postgres looks at every message of each, of fewer it leaps from match to match. */
const FEW_STRETCHES = 4;

/**
 * The newest matches by (place, receipt), so many that they are enough, where there are so many.
 *
 * Neither index knows an order, and to read every match of a common word takes seconds. So time is searched block by
 * block, newest first, and a block that holds more than a page's worth is searched by its halves: what is read is about
 * as much whether the word is rare or in every message, and whenever its messages were written. Postgres collects all
 * that a block holds before it gives the first, so a block where many are expected is not asked at all. What a filter
 * leaves out counts as read. `deadline` in milliseconds of `clock`: what is found by then is the answer, and says how
 * far back it was searched.
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
  /** `whole`: all there are, newest first, once a look over all time has found them. */
  const progress: { backTo: Timestamp | null; whole: Found[] | null } = { backTo: null, whole: null };
  const { from } = filter;
  const isFiltered =
    filter.state !== undefined || filter.direction !== undefined || (filter.sight ?? null) !== null;
  const asked = { terms, completions, filter, before };
  const isEnough = (): boolean => progress.whole !== null || suffices(found) || clock() >= deadline;
  const isPast = (block: TimeBlock): boolean => from !== undefined && isEarlier(block, from);

  const isCommon = await isCommonBeginning(store, asked, mostCollected);
  const compared = { rows: 0, begin: 0 };
  const compares = (): boolean =>
    isCommon && (compared.rows < MOST_COMPARED || compared.begin * FEW_BEGIN >= compared.rows);
  const beginningIn = ({ bits }: TimeBlock): Beginning =>
    bits <= NARROW_BITS[store.dialect] ? "filter" : compares() ? "compared" : "index";
  let lookedFor: Beginning | null = null;
  const lookOverAll = async (): Promise<void> => {
    const beginning = compares() ? "compared" : "index";
    if (lookedFor === beginning) return;
    lookedFor = beginning;
    const most = isFiltered ? MOST_FILTERED : MOST;
    const all = await readAll(store, { ...asked, beginning }, { most, mostCollected });
    progress.whole = all?.toSorted(newestFirst) ?? null;
  };

  const search = async (block: TimeBlock): Promise<void> => {
    const isSmallest = block.bits === SMALLEST_BITS;
    const askedHere = { ...asked, block, beginning: beginningIn(block) };
    const expected = block.bits >= ESTIMATED_BITS ? await estimateMatches(store, askedHere) : 0;
    if (expected <= (stretchesOf(block) > FEW_STRETCHES ? MOST : mostCollected)) {
      // Of many it is only asked whether there are any.
      const atMost = expected > MOST ? 1 : MOST;
      const { matches, isWhole, compared: here } = await readMatches(store, askedHere, atMost);
      compared.rows += here.rows;
      compared.begin += here.begin;
      // The words have little to do with each other: one look tells whether they are together at all.
      if (isCommon && !compares()) {
        await lookOverAll();
        if (progress.whole !== null) return;
      }
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
      if (block.bits >= PROBE_BITS) {
        await lookOverAll();
        // A search that goes on from an earlier one gets on by a block at least.
        if (clock() >= deadline && progress.whole === null && progress.backTo !== null) break;
      }
      if (progress.whole === null) await search(block);
      if (progress.whole !== null) return { found: progress.whole, searchedBackTo: null };
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
  asked: Omit<Asked, "block">,
  { most, mostCollected }: { most: number; mostCollected: number },
): Promise<Found[] | null> {
  const isAlone = asked.terms.length === 1;
  const isCompared = asked.beginning === "compared";
  if (isAlone && isCompared) return null;
  const ofAllTime = { ...asked, block: null };
  if ((isAlone || isCompared) && (await estimateMatches(store, ofAllTime)) > mostCollected) return null;
  const { matches, isWhole } = await readMatches(store, ofAllTime, most);
  return isWhole ? matches : null;
}
