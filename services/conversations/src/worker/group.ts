import { setImmediate as nextTurn } from "node:timers/promises";
import type { JobEvent } from "@fio/contracts";

/** A transaction is at most this long, and as much of what is ahead; a longer job is one of its own. */
const MAX_EVENTS = 1_000;
/** In UTF-16 units of content: what a transaction works on while no lock of a job can be renewed. */
const MAX_UNITS = 4 * 1024 * 1024;

/** The worker stops: what has not begun is somebody else's. */
export class Stopped extends Error {}

/** Resolves once events are in the store; `announced` then, once everyone who listens has heard of it. */
export type Commit = (events: JobEvent[]) => Promise<{ announced: Promise<void> }>;

export type Group = {
  /** Resolves once the events are in the store and announced. Those that are `ahead` pass all that has not begun. */
  submit: (events: JobEvent[], place?: { ahead: boolean }) => Promise<void>;
  /** Runs while nothing else does. */
  alone: <Value>(work: () => Promise<Value>) => Promise<Value>;
};

type Waiting = { events: JobEvent[]; ahead: boolean; resolve: () => void; reject: (error: unknown) => void };
type Turn = { work: () => Promise<void>; reject: (error: unknown) => void };

/**
 * Group commit: jobs that are there at the same time share a transaction. While one is under way others gather, so
 * a backlog makes transactions larger and the worker faster; an idle system commits a job at once, with no timer.
 * Once `stopping`, what has not begun rejects with {@link Stopped}.
 */
export function createGroup({ commit, stopping }: { commit: Commit; stopping: AbortSignal }): Group {
  const queue: Array<Waiting | Turn> = [];
  let running = false;

  /** The next jobs in line that fit together: at least one, none past a turn of its own. */
  const takeTogether = (first: Waiting): Waiting[] => {
    const taken = [first];
    // What is ahead comes on top: else a single one of it would take the room of a whole job of the backlog.
    const events = { ahead: 0, behind: 0 };
    const count = (one: Waiting): number => (events[one.ahead ? "ahead" : "behind"] += one.events.length);
    count(first);
    let units = unitsOf(first.events);
    for (let next = queue[0]; next !== undefined && "events" in next; next = queue[0]) {
      const together = count(next);
      units += unitsOf(next.events);
      if (together > MAX_EVENTS || units > MAX_UNITS) break;
      taken.push(next);
      queue.shift();
    }
    return taken;
  };

  const commitTogether = async (jobs: Waiting[]): Promise<void> => {
    const fail = (error: unknown): void => jobs.forEach(({ reject }) => reject(error));
    try {
      const { announced } = await commit(jobs.flatMap(({ events }) => events));
      // The next transaction need not wait for this one to be announced.
      void announced.then(() => jobs.forEach(({ resolve }) => resolve()), fail);
    } catch (error) {
      fail(error);
    }
  };

  const run = async (): Promise<void> => {
    if (running) return;
    running = true;
    for (;;) {
      // Jobs that came with one answer of Redis are handed over one by one, within this turn of the event loop.
      await nextTurn();
      const next = queue.shift();
      if (next === undefined) break;
      if (stopping.aborted) next.reject(new Stopped());
      else if ("work" in next) await next.work();
      else await commitTogether(takeTogether(next));
    }
    running = false;
  };

  const enqueue = (entry: Waiting | Turn): void => {
    const passed =
      "events" in entry && entry.ahead ? queue.findIndex((other) => !("events" in other && other.ahead)) : -1;
    queue.splice(passed === -1 ? queue.length : passed, 0, entry);
    void run();
  };
  return {
    submit: (events, { ahead } = { ahead: false }) =>
      new Promise((resolve, reject) => enqueue({ events, ahead, resolve, reject })),
    alone: (work) =>
      new Promise((resolve, reject) => enqueue({ work: () => work().then(resolve, reject), reject })),
  };
}

function unitsOf(events: readonly JobEvent[]): number {
  return events.reduce(
    (sum, { event }) => sum + (event.type === "NEW_MESSAGE" ? event.data.content.length : 0),
    0,
  );
}
