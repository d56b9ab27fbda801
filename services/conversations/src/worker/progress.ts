import { unapplied, type QueueReading } from "@fio/service/queue";

const STUCK_MS = 10_000;
const LOOK_MS = 1_000;

export type Progress = {
  /** True when there has been work for ten seconds and the whole fleet has done none of it. */
  isStuck: () => boolean;
  look: () => Promise<void>;
  stop: () => void;
};

/** Readiness of a worker is that work gets done, not that the worker is there. `now` in milliseconds. */
export function watchProgress({
  read,
  now,
}: {
  read: () => Promise<QueueReading>;
  now: () => number;
}): Progress {
  let lastGood = now();
  let done: number | null = null;
  const look = async (): Promise<void> => {
    const reading = await read().catch(() => null);
    // An outage of Redis is told of by itself; what comes after it gets its own ten seconds.
    if (reading === null || unapplied(reading.jobs) === 0 || reading.jobsDone !== done) lastGood = now();
    done = reading?.jobsDone ?? null;
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_MS);
  return {
    isStuck: () => now() - lastGood > STUCK_MS,
    look,
    stop: () => clearInterval(timer),
  };
}
