import type { Redis } from "ioredis";
import { readPartitionsUsed } from "./layout.ts";
import { QUEUE_STATES, type QueueReading } from "./queue.ts";
import { readBacklog, type Backlog } from "./read-backlog.ts";

/** What each partition says of its queue and of its Redis, in their order. */
export type Readings = ReadonlyArray<PromiseSettledResult<Backlog>>;

/** The connections of a process to the partitions of the queue. */
export type Partitions = {
  /** Made when it is first asked for. */
  at: (partition: number) => Redis;
  /** How many may hold events, as far as is known. */
  used: () => number;
  /** Asks how many there are by now. Never throws. */
  look: () => Promise<number>;
  readings: () => Promise<Readings>;
  close: () => void;
};

/** `connect` opens a connection that does not wait for an absent Redis. */
export function openPartitions(connect: (partition: number) => Redis): Partitions {
  const connections: Redis[] = [];
  let used = 1;
  let closed = false;
  const at = (partition: number): Redis => (connections[partition] ??= connect(partition));
  const look = async (): Promise<number> => {
    used = await readPartitionsUsed(at(0)).catch(() => used);
    return used;
  };
  const openAll = (): void => {
    for (let one = 0; one < used && !closed; one += 1) at(one);
  };
  at(0);
  return {
    at,
    used: () => used,
    look: async () => {
      await look();
      openAll();
      return used;
    },
    readings: async () => {
      openAll();
      const known = Array.from({ length: used }, (_, one) => readBacklog(at(one), one));
      const [readings] = await Promise.all([Promise.allSettled(known), look()]);
      return readings;
    },
    close: () => {
      closed = true;
      // Without holes: a process may use but some of them.
      for (const connection of Object.values(connections)) connection.disconnect();
    },
  };
}

/** What all partitions say as one; throws what one of them throws. */
export function together(readings: Readings): Backlog {
  const all = readings.map((reading) => {
    if (reading.status === "rejected") throw reading.reason;
    return reading.value;
  });
  const queues = all.map(({ queue }) => queue);
  const memories = all.map(({ memory }) => memory).filter((memory) => memory !== null);
  const ages = queues.map(({ oldestMs }) => oldestMs).filter((age) => age !== null);
  const sum = (part: "jobs" | "events") =>
    Object.fromEntries(
      QUEUE_STATES.map((state) => [state, queues.reduce((total, queue) => total + queue[part][state], 0)]),
    ) as QueueReading["jobs"];
  return {
    queue: {
      jobs: sum("jobs"),
      events: sum("events"),
      oldestMs: ages.length === 0 ? null : Math.max(...ages),
      jobsDone: queues.reduce((total, { jobsDone }) => total + jobsDone, 0),
      clockMs: Math.min(...queues.map(({ clockMs }) => clockMs)),
    },
    memory: memories.length === 0 ? null : Math.max(...memories),
  };
}
