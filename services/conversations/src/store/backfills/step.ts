import type { Log } from "@fio/service/log";
import type { Store } from "../connect.ts";
import { query } from "../sql.ts";
import { STEP_ROWS, type Backfill, type BackfillTiming } from "./backfill.ts";
import { begin, take, update, type Progress } from "./table.ts";

/**
 * `worked`: go on after the pause. `later`: nothing to do before that time, or another worker is at it. `finished`: by
 * whoever.
 */
export type Step = { kind: "worked"; pauseMs: number } | { kind: "later"; ms: number } | { kind: "finished" };

/** One worker's part in one backfill. `step` throws what the database or the backfill throws; then nothing happened. */
export type Stepper = { name: string; step: () => Promise<Step> };

/** The second walk may be far off; it is looked for again after at most so many milliseconds. */
const LOOK_AGAIN_MS = 60_000;

export function createStepper({
  store,
  backfill,
  log,
  now,
  timing: { againMs, watchMs },
}: {
  store: Store;
  backfill: Backfill;
  log: Log;
  now: () => number;
  timing: BackfillTiming;
}): Stepper {
  const { name } = backfill;
  let limit = STEP_ROWS;
  /** Where this worker left or saw it last: one that still stands there is in nobody else's hands. */
  let seen: string | undefined;

  const step = async (): Promise<Step> => {
    const begun = performance.now();
    const done = await store.write.transaction(async (knex): Promise<Step | [Progress, Progress]> => {
      const connection = { dialect: store.dialect, knex };
      const isMine = await begin(connection, name);
      const before = await take(connection, name);
      if (before === null) return { kind: "later", ms: watchMs };
      if (before.finished) return { kind: "finished" };
      const isUnmoved = seen === markOf(before);
      seen = markOf(before);
      if (!isMine && !isUnmoved) return { kind: "later", ms: watchMs };
      const waitMs = before.notBefore - now();
      if (waitMs > 0) return { kind: "later", ms: Math.min(waitMs, LOOK_AGAIN_MS) };

      const { next, rows } = await backfill.step(connection, { after: before.position, limit });
      if (next !== null && next === before.position) throw new Error(`${name} does not move on`);
      const after = progressAfter(before, { next, rows, secondWalkAt: now() + againMs });
      await query(connection, update(after));
      return [before, after];
    });
    if (!Array.isArray(done)) return done;

    const [before, after] = done;
    seen = markOf(after);
    const tookMs = performance.now() - begun;
    limit = nextLimit(limit, tookMs);
    if (before.notBefore === 0 && before.position === null) log.info({ backfill: name }, "backfill began");
    if (after.finished) log.info({ backfill: name, rows: after.rows }, "backfill finished");
    return after.finished ? { kind: "finished" } : { kind: "worked", pauseMs: pauseAfter(tookMs) };
  };
  return {
    name,
    step: async () => {
      try {
        return await step();
      } catch (error) {
        // It may have been too much for the time that a statement has.
        limit = nextLimit(limit, Infinity);
        throw error;
      }
    },
  };
}

const markOf = ({ walk, position }: Progress): string => JSON.stringify([walk, position]);

function progressAfter(
  before: Progress,
  { next, rows, secondWalkAt }: { next: string | null; rows: number; secondWalkAt: number },
): Progress {
  const after = { ...before, position: next, rows: before.rows + rows };
  if (next !== null) return after;
  return before.walk === 1 ? { ...after, walk: 2, notBefore: secondWalkAt } : { ...after, finished: true };
}

const STEP_MS = 100;
const LEAST_ROWS = 25;

/** Rows per step, so that one takes about {@link STEP_MS}: fewer after a slow one, more again after a quick one. */
function nextLimit(limit: number, tookMs: number): number {
  return tookMs > STEP_MS ? Math.max(LEAST_ROWS, Math.floor(limit / 2)) : Math.min(STEP_ROWS, limit * 2);
}

/** Milliseconds: backfills take at most a fifth of one connection's time. */
const pauseAfter = (tookMs: number): number => Math.max(tookMs * 4, 20);
