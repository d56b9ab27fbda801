import { describeError } from "@fio/service/describe-error";
import { createProbe } from "@fio/service/probe";

/** For so long after a commit nobody doubts that the store takes writes. */
const PROVEN_MS = 2_000;
/** Milliseconds. A lock that is waited for, or a deadlock, is over sooner. */
const FAILING_MS = 3_000;

export type WriteHealth = {
  committed: () => void;
  /** A transaction failed by a passing fault, and is tried again. */
  failed: (error: unknown) => void;
  /** `null` while the store takes writes, else why not, in one line. */
  fault: () => Promise<string | null>;
};

/**
 * Whether the store takes writes. Work tells by itself: a commit is proof, and so is a transaction that has failed for
 * seconds. Where there is no work, or it hangs, a small write is tried. `now` in milliseconds.
 */
export function createWriteHealth({
  write,
  now,
}: {
  write: () => Promise<void>;
  now: () => number;
}): WriteHealth {
  let lastCommit = -Infinity;
  let failing: { since: number; error: unknown } | null = null;
  const probe = createProbe({
    work: write,
    fault: "the store takes no writes",
    limitMs: 3_000,
    freshMs: 2_000,
  });
  return {
    committed: () => {
      lastCommit = now();
      failing = null;
    },
    failed: (error) => {
      failing = { since: failing?.since ?? now(), error };
    },
    fault: async () => {
      if (failing !== null && now() - failing.since >= FAILING_MS) {
        return `the store takes no writes: ${describeError(failing.error)}`;
      }
      return now() - lastCommit < PROVEN_MS ? null : probe();
    },
  };
}
