/** Reads again what the stream says has changed: at once, then with a rest between two reads, and only while it is seen. */
export type PacedReads = {
  /** The change shows in an answer only after as many milliseconds. */
  changed: (inMs: number) => void;
  /** The page may be visible again. */
  look: () => void;
  end: () => void;
};

export function createPacedReads({
  read,
  isVisible,
  now,
  after,
  restMs,
}: {
  /** Resolves to whether there was an answer. */
  read: () => Promise<boolean>;
  isVisible: () => boolean;
  /** Milliseconds of any clock that only goes on. */
  now: () => number;
  after: (milliseconds: number, run: () => void) => () => void;
  restMs: number;
}): PacedReads {
  let due = false;
  let reading = false;
  let cancelRest: (() => void) | null = null;
  let cancelTimed: (() => void) | null = null;
  let latest = 0;
  let ended = false;

  const look = (): void => {
    if (ended || !due || reading || cancelRest !== null || !isVisible()) return;
    due = false;
    reading = true;
    cancelRest = after(restMs, () => {
      cancelRest = null;
      look();
    });
    void read().then((answered) => {
      reading = false;
      // What was not answered is asked for again, after the rest.
      if (!answered) due = true;
      look();
    });
  };
  const wait = (): void => {
    if (cancelTimed !== null || latest <= now()) return;
    cancelTimed = after(latest - now(), () => {
      cancelTimed = null;
      due = true;
      look();
      // Others came meanwhile.
      wait();
    });
  };
  return {
    changed: (inMs) => {
      if (inMs > 0) {
        latest = Math.max(latest, now() + inMs);
        wait();
        return;
      }
      due = true;
      look();
    },
    look,
    end: () => {
      ended = true;
      cancelRest?.();
      cancelTimed?.();
    },
  };
}
