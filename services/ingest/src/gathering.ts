/** While workers are behind, requests gather for so long, or until they are so many events. */
export type GatheringLimits = { gatherMs: number; gatherEvents: number };

/** How long it is remembered how many senders there are. */
const WINDOW_MS = 500;

export type Gathering = {
  came: () => void;
  answered: (requests: number) => void;
  /** Whether a batch of so many events is worth holding for those that are likely to come. */
  holds: (events: number) => boolean;
};

/**
 * While workers are `behind` each job that they are spared is worth more than the milliseconds in which more requests come.
 * Nobody is held for nothing: senders wait for their answers, so once as many requests are open as were lately at most, no
 * more will come. A lone sender is never held.
 */
export function createGathering({
  behind,
  limits,
  now,
}: {
  behind: () => boolean;
  limits: GatheringLimits;
  now: () => number;
}): Gathering {
  /** Requests without an answer; the most of them in this window and in the one before. */
  let open = 0;
  let [most, before] = [0, 0];
  let since = now();
  const roll = (): void => {
    const windows = Math.floor((now() - since) / WINDOW_MS);
    if (windows === 0) return;
    before = windows === 1 ? most : open;
    most = open;
    since += windows * WINDOW_MS;
  };
  return {
    came: () => {
      roll();
      open += 1;
      most = Math.max(most, open);
    },
    answered: (requests) => {
      roll();
      open -= requests;
    },
    holds: (events) => events < limits.gatherEvents && open < Math.max(most, before) && behind(),
  };
}
