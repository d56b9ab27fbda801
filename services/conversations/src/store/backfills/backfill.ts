import type { Connection } from "../sql.ts";

/** The most rows that one step works on. */
export const STEP_ROWS = 1_000;

/** Below every id: where a walk in the order of ids begins. */
export const BELOW_ALL_IDS = "00000000-0000-0000-0000-000000000000";

/** What one step did: where the next one begins, `null` at the end of the table, and how many rows it looked at. */
export type Stepped = { next: string | null; rows: number };

/**
 * Brings old rows into the shape of a new schema, a few at a time, while workers of this version and of the one before
 * go on. One file here for each, named in index.ts.
 */
export type Backfill = {
  /** Kept in the store for ever: never use a name for another backfill again. */
  name: string;
  /**
   * Works on at most `limit` rows after `after` (`null`: from the first one), in the order of an index, inside the
   * given transaction. A step is repeated when its transaction failed, and the whole table is walked a second time an
   * hour later, for what workers of the version before wrote meanwhile: a row that is in shape stays as it is. Rows
   * that workers write too are locked as they lock them: conversations first, in id order.
   */
  step: (connection: Connection, where: { after: string | null; limit: number }) => Promise<Stepped>;
};

/** Milliseconds. */
export type BackfillTiming = {
  /** From the end of the first walk to the second: workers of an older version must have ended by then. */
  againMs: number;
  /** How long a backfill that another worker has in hand must stand still before it is taken over. */
  watchMs: number;
  /** After a fault. */
  restMs: number;
};
