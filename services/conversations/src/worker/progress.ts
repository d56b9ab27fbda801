import { unapplied, type QueueReading } from "@fio/service/queue";

const STUCK_MS = 60_000;
const LOOK_MS = 5_000;

export type Progress = {
  jobCompleted: () => void;
  /** True when there has been work for a minute and none of it got done. */
  isStuck: () => boolean;
  /** As last seen; `null` while Redis does not answer. */
  look: () => Promise<QueueReading | null>;
  stop: () => void;
};

/** Readiness of a worker is that it gets on, not that it is there. */
export function watchProgress({
  read,
  now,
}: {
  read: () => Promise<QueueReading>;
  now: () => number;
}): Progress {
  let lastGood = now();
  const look = async (): Promise<QueueReading | null> => {
    try {
      const reading = await read();
      if (unapplied(reading.jobs) === 0) lastGood = now();
      return reading;
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
    look,
    stop: () => clearInterval(timer),
  };
}
