import { backoffMs, type Backoff } from "@fio/service/backoff";

/** So many failures one after the other, and the address is left alone for a while. */
const FAILURES_TO_OPEN = 5;
const PAUSE: Backoff = { firstMs: 1_000, longestMs: 60_000 };

export type CircuitState = "closed" | "open" | "probing";

/** Of one address: whether it is worth while to send there now. */
export type Circuit = {
  state: () => CircuitState;
  /** Whether an attempt could begin now. */
  mayEnter: () => boolean;
  /** Whether an attempt may begin now; whoever is let in says how it ended. While open, one is let in to probe. */
  enter: () => boolean;
  succeeded: () => void;
  /** `retryAfterMs`: what the receiver asked for, if it did. */
  failed: (retryAfterMs: number | null) => void;
  /** It was not tried after all. */
  left: () => void;
};

/** Libraries wrap a call and say no when asked too early; here it must be known beforehand, and `Retry-After` counts. */
export function createCircuit({
  now,
  random = Math.random,
}: {
  now: () => number;
  random?: () => number;
}): Circuit {
  let failures = 0;
  let openUntil: number | null = null;
  let probing = false;
  const mayEnter = (): boolean => openUntil === null || (!probing && now() >= openUntil);
  return {
    mayEnter,
    state: () => (openUntil === null ? "closed" : probing ? "probing" : "open"),
    enter: () => {
      const may = mayEnter();
      if (may && openUntil !== null) probing = true;
      return may;
    },
    succeeded: () => {
      failures = 0;
      openUntil = null;
      probing = false;
    },
    failed: (retryAfterMs) => {
      // Those that were under way when it opened say nothing new.
      if (openUntil !== null && !probing) return;
      probing = false;
      failures += 1;
      if (failures < FAILURES_TO_OPEN) return;
      const pause = backoffMs(failures - FAILURES_TO_OPEN + 1, PAUSE, random);
      openUntil = now() + Math.max(pause, retryAfterMs ?? 0);
    },
    left: () => {
      probing = false;
    },
  };
}
