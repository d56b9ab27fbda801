import { createGathering, type GatheringLimits } from "./gathering.ts";

/** What takes part in a flush: a request's events are never split over two. */
export type Batchable = { readonly events: readonly unknown[]; readonly bytes: number };

/** Sends entries together and gives one result for each, in their order. Rejects when the flush failed. */
export type Flush<Entry, Result> = (entries: readonly Entry[]) => Promise<Result[]>;

export type BatchLimits = GatheringLimits & {
  maxEvents: number;
  maxBytes: number;
  /** Flushes in flight at the same time: they share Redis' fsync. */
  maxInFlight: number;
  /** How long the oldest entry of a flush may take from its arrival to the answer. */
  deadlineMs: number;
};

export const LIMITS: BatchLimits = {
  maxEvents: 500,
  maxBytes: 256 * 1024,
  maxInFlight: 3,
  deadlineMs: 2_500,
  gatherMs: 5,
  gatherEvents: 32,
};

export type Batcher<Entry, Result> = {
  /** Resolves once the entry's own flush is done; rejects when that flush fails or takes too long. */
  add: (entry: Entry) => Promise<Result>;
  /** Resolves when all entries have been answered and no flush is in flight. */
  drained: () => Promise<void>;
};

type Waiting<Entry, Result> = {
  entry: Entry;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
};

type Batch<Entry, Result> = {
  waiting: Waiting<Entry, Result>[];
  events: number;
  bytes: number;
  timer: NodeJS.Timeout;
  isOpen: boolean;
};

/**
 * Micro-batches. What arrives while flushes are in flight is collected and sent together with the next one; an idle
 * system sends at once, unless workers are `behind`: see {@link createGathering}. `late` makes the error of entries that
 * missed the deadline.
 */
export function createBatcher<Entry extends Batchable, Result>({
  flush,
  late,
  behind = () => false,
  limits = LIMITS,
  now = () => performance.now(),
}: {
  flush: Flush<Entry, Result>;
  late: () => Error;
  behind?: () => boolean;
  limits?: BatchLimits;
  now?: () => number;
}): Batcher<Entry, Result> {
  type Own = Batch<Entry, Result>;
  const gathering: Own[] = [];
  const gather = createGathering({ behind, limits, now });
  let inFlight = 0;
  let scheduled = false;
  let held: NodeJS.Timeout | null = null;
  let onDrained: Array<() => void> = [];

  const fits = ({ events, bytes }: Own, entry: Entry): boolean =>
    events + entry.events.length <= limits.maxEvents && bytes + entry.bytes <= limits.maxBytes;

  const open = (): Own => {
    const batch: Own = {
      waiting: [],
      events: 0,
      bytes: 0,
      timer: setTimeout(() => giveUp(batch), limits.deadlineMs),
      isOpen: true,
    };
    gathering.push(batch);
    return batch;
  };

  const giveUp = (batch: Own): void => {
    const index = gathering.indexOf(batch);
    if (index >= 0) gathering.splice(index, 1);
    const error = late();
    // A flush in flight may still reach Redis, which is harmless.
    for (const { reject } of batch.waiting) reject(error);
    answered(batch);
    settle();
  };

  /** Once: when it is given up, or when its flush ends before. */
  const answered = (batch: Own): void => {
    if (!batch.isOpen) return;
    batch.isOpen = false;
    gather.answered(batch.waiting.length);
  };

  const send = async (batch: Own): Promise<void> => {
    try {
      const results = await flush(batch.waiting.map(({ entry }) => entry));
      batch.waiting.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result === undefined) reject(new Error("the flush gave no result for an entry"));
        else resolve(result);
      });
    } catch (error) {
      for (const { reject } of batch.waiting) reject(error);
    } finally {
      clearTimeout(batch.timer);
      answered(batch);
      inFlight -= 1;
      if (held === null) pump();
      settle();
    }
  };

  const pump = (): void => {
    scheduled = false;
    if (held !== null) clearTimeout(held);
    held = null;
    while (inFlight < limits.maxInFlight) {
      const batch = gathering.shift();
      if (batch === undefined) return;
      inFlight += 1;
      void send(batch);
    }
  };

  const schedule = ({ events }: Own): void => {
    if (scheduled || inFlight >= limits.maxInFlight) return;
    if (gathering.length === 1 && gather.holds(events)) {
      held ??= setTimeout(pump, limits.gatherMs);
      return;
    }
    scheduled = true;
    // After the sockets that are readable right now, so that requests that came together leave together.
    setImmediate(pump);
  };

  const settle = (): void => {
    if (inFlight > 0 || gathering.length > 0) return;
    for (const resolve of onDrained) resolve();
    onDrained = [];
  };

  return {
    add: (entry) =>
      new Promise((resolve, reject) => {
        const last = gathering.at(-1);
        const batch = last !== undefined && fits(last, entry) ? last : open();
        batch.waiting.push({ entry, resolve, reject });
        batch.events += entry.events.length;
        batch.bytes += entry.bytes;
        gather.came();
        schedule(batch);
      }),
    drained: () =>
      new Promise((resolve) => {
        onDrained.push(resolve);
        settle();
      }),
  };
}
