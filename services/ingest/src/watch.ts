import { reasonToWait, type Receipt, type Reply } from "@fio/contracts";

/** One request's wait for the outcomes of its events. */
export type Watch = {
  begin: (receipts: readonly Receipt[]) => void;
  /**
   * The replies in the order of the receipts, once each event has its outcome; after `ms` what is known by then, with
   * `undefined` for what is not.
   */
  within: (ms: number) => Promise<ReadonlyArray<Reply | undefined>>;
  /** Some replies may have been missed: from now on a missing reply does not count as a refusal. */
  missSome: () => void;
  /** Frees its resources; a running wait ends with what has come so far. */
  end: () => void;
};

/** How long until the backlog is asked again, once the grace has ended before it has passed. */
const ASK_AGAIN_MS = 250;

/** Which watch a receipt belongs to. */
export type Listeners = Map<Receipt, (reply: Reply) => void>;

/**
 * An event that waits for its conversation has its outcome when that comes, or when its grace ends: then it is the
 * refusal that `GET /events` reports too. `early` returns a reply that came before its watch was known.
 */
export function createWatch({
  listeners,
  early,
  takenUpTo = Date.now,
  onBegin,
  onEnd,
}: {
  listeners: Listeners;
  early: (receipt: Receipt) => Reply | undefined;
  /** All that was accepted before this time has been applied. */
  takenUpTo?: () => number;
  onBegin: () => void;
  onEnd: () => void;
}): Watch {
  let awaited: readonly Receipt[] = [];
  let found: Array<Reply | undefined> = [];
  const undecided = new Set<number>();
  /** When the grace of a waiting event ends, by its place in the request; in milliseconds of `performance.now()`. */
  const graceEnds = new Map<number, number>();
  let graceTimer: NodeJS.Timeout | undefined;
  let isComplete = true;
  let ended = false;
  let wake = (): void => {};

  const decide = (index: number, reply: Reply): void => {
    found[index] = reply;
    graceEnds.delete(index);
    if (undecided.delete(index) && undecided.size === 0) wake();
  };
  const hear = (index: number, reply: Reply): void => {
    // Announcements are at least once.
    if (!undecided.has(index)) return;
    if (reply.outcome.kind !== "waiting" || reply.outcome.grace_ms === undefined) {
      decide(index, reply);
      return;
    }
    if (graceEnds.has(index)) return;
    found[index] = reply;
    graceEnds.set(index, performance.now() + reply.outcome.grace_ms);
    awaitGrace();
  };
  const awaitGrace = (): void => {
    clearTimeout(graceTimer);
    if (graceEnds.size === 0 || ended) return;
    const next = Math.min(...graceEnds.values());
    graceTimer = setTimeout(endGrace, Math.max(0, next - performance.now()));
  };
  /** What was accepted before the end of the grace may hold the creation, and is not applied yet. */
  const isBehindBacklog = ({ outcome }: Reply): boolean =>
    outcome.kind === "waiting" && outcome.reported_at !== undefined && takenUpTo() < outcome.reported_at;
  const endGrace = (): void => {
    const now = performance.now();
    for (const [index, at] of graceEnds) {
      const reply = found[index];
      if (at > now || reply?.outcome.kind !== "waiting") continue;
      if (isBehindBacklog(reply)) {
        graceEnds.set(index, now + ASK_AGAIN_MS);
        continue;
      }
      const outcome = { kind: "rejected", reason: reasonToWait(reply.outcome) } as const;
      if (isComplete) decide(index, { ...reply, outcome });
      else graceEnds.delete(index);
    }
    awaitGrace();
  };
  const end = (): void => {
    if (ended) return;
    ended = true;
    clearTimeout(graceTimer);
    for (const receipt of awaited) listeners.delete(receipt);
    wake();
    onEnd();
  };
  return {
    begin: (receipts) => {
      // The sender may have disconnected while the events were on their way to Redis.
      if (ended) return;
      awaited = receipts;
      found = receipts.map(() => undefined);
      for (const index of receipts.keys()) undecided.add(index);
      for (const [index, receipt] of receipts.entries()) {
        listeners.set(receipt, (reply) => hear(index, reply));
        const reply = early(receipt);
        if (reply !== undefined) hear(index, reply);
      }
      onBegin();
    },
    within: async (ms) => {
      if (undecided.size > 0 && !ended) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      end();
      return found;
    },
    missSome: () => {
      isComplete = false;
    },
    end,
  };
}
