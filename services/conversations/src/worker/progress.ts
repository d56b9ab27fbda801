import type { Redis } from "ioredis";
import { readQueueState, type QueueState } from "./queue-state.ts";

const STUCK_MS = 60_000;
const LOOK_MS = 5_000;

export type Progress = {
  jobCompleted: () => void;
  /** True when there has been work for a minute and none of it got done. */
  isStuck: () => boolean;
  /** As last seen; `null` while Redis does not answer. */
  state: () => Promise<QueueState | null>;
  stop: () => void;
};

/** Readiness of a worker is that it gets on, not that it is there. */
export function watchProgress({ redis, now }: { redis: Redis; now: () => number }): Progress {
  let lastGood = now();
  const look = async (): Promise<QueueState | null> => {
    try {
      const state = await readQueueState(redis, now());
      if (state.waiting + state.active === 0) lastGood = now();
      return state;
    } catch {
      // An outage of Redis is told of by itself; what comes after it gets its own minute.
      lastGood = now();
      return null;
    }
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  return {
    jobCompleted: () => {
      lastGood = now();
    },
    isStuck: () => now() - lastGood > STUCK_MS,
    state: look,
    stop: () => clearInterval(timer),
  };
}
