import type { Job as QueuedJob } from "bullmq";
import type { Redis } from "ioredis";
import { contactKeyOf, type Job } from "@fio/contracts";
import { openEventQueue } from "@fio/service/queue";
import type { ErasedContacts } from "../store/announced.ts";
import { NOBODY } from "../store/erased-contacts.ts";
import { namesOneOf } from "./forget-in-stream.ts";

/* What jobs that are not done, or were given up, hold of erased conversations and customers. */

const JOBS_AT_ONCE = 50;

type JobState = "failed" | "delayed" | "prioritized" | "wait" | "active";
const STATES: readonly JobState[] = ["failed", "delayed", "prioritized", "wait", "active"];

/** Those that are there all the while, and perhaps others; some at a time. */
async function* jobsOf(
  redis: Redis,
  { partition, states = STATES }: { partition: number; states?: readonly JobState[] | undefined },
): AsyncGenerator<QueuedJob[]> {
  const queue = openEventQueue(redis, partition);
  try {
    for (const state of states) {
      for (let start = 0; ; start += JOBS_AT_ONCE) {
        const jobs = await queue.getJobs([state], start, start + JOBS_AT_ONCE - 1, true);
        // What is missing is done meanwhile.
        yield (jobs as Array<QueuedJob | undefined>).filter((job) => job !== undefined);
        if (jobs.length < JOBS_AT_ONCE) break;
      }
    }
  } finally {
    await queue.close();
  }
}

/**
 * Takes what was written out of their events, and gives in how many jobs. The events stay, with their ids, so that the
 * backlog is counted as ever: whoever applies them finds the tombstone.
 */
export async function forgetInQueue(
  redis: Redis,
  {
    conversations,
    contacts,
    partition,
    states,
  }: {
    conversations: ReadonlySet<string>;
    contacts: ErasedContacts;
    partition: number;
    states?: readonly JobState[];
  },
): Promise<number> {
  let changed = 0;
  for await (const jobs of jobsOf(redis, { partition, states })) {
    const upTo = await contacts(jobs.flatMap((job) => eventsOf(job.data)).flatMap(updatedIn));
    const isGone = (item: unknown): boolean =>
      namesOneOf(JSON.stringify(item), conversations) ||
      updatedIn(item).some((contact) => isErased(item, upTo.get(contact)));
    for (const job of jobs) {
      const data: unknown = job.data;
      if (!eventsOf(data).some(isGone) && !namesOneOf(JSON.stringify(data), conversations)) continue;
      changed += 1;
      await job.updateData(withoutContent(data, isGone)).catch((error: unknown) => {
        if (!(error instanceof Error) || !/missing key/i.test(error.message)) throw error;
      });
    }
  }
  return changed;
}

/** The conversations that are created for these contacts, by their keys, in what is not applied yet. */
export async function conversationsInQueue(
  redis: Redis,
  { contacts, partition }: { contacts: ReadonlySet<string>; partition: number },
): Promise<string[]> {
  const found = new Set<string>();
  for await (const jobs of jobsOf(redis, { partition })) {
    for (const { event } of jobs.flatMap((job) => eventsOf(job.data)).map(asItem)) {
      const { id, contact } = objectIn(event["data"]);
      if (event["type"] !== "NEW_CONVERSATION" || typeof id !== "string") continue;
      if (keysOf(contact, ["id"]).some((key) => contacts.has(key))) found.add(id);
    }
  }
  return [...found];
}

/** A job may hold whatever somebody put there. */
const eventsOf = (data: unknown): unknown[] => {
  const { events } = objectIn(data);
  return Array.isArray(events) ? (events as unknown[]) : [];
};

/** The contacts that are updated in it, by their keys. */
const updatedIn = (item: unknown): string[] => {
  const { event } = asItem(item);
  return event["type"] === "UPDATE_CONTACT" ? keysOf(event["data"], ["id", "formerly"]) : [];
};

function keysOf(said: unknown, names: readonly string[]): string[] {
  const { channel, ...ids } = objectIn(said);
  if (typeof channel !== "string") return [];
  return names.flatMap((name) => {
    const id = ids[name];
    return typeof id === "string" ? [contactKeyOf({ channel, id })] : [];
  });
}

const isErased = (item: unknown, upTo: string | undefined): boolean => {
  const { receipt } = asItem(item);
  return upTo !== undefined && (typeof receipt !== "string" || receipt <= upTo);
};

function withoutContent(data: unknown, isGone: (item: unknown) => boolean): Job {
  const kept = eventsOf(data).map((item) => (isGone(item) ? bare(item) : item));
  return { v: 1, events: kept as Job["events"] };
}

function bare(item: unknown): unknown {
  const { receipt, reply, event } = asItem(item);
  const { type, timestamp } = event;
  if (type === undefined) return {};
  const given = objectIn(event["data"]);
  const ids = Object.fromEntries(
    ["id", "conversation_id", "receipt", "how", "carried_to"].flatMap((name) =>
      typeof given[name] === "string" ? [[name, given[name]]] : [],
    ),
  );
  const said = type === "NEW_MESSAGE" ? { direction: "RECEIVED", content: "-" } : {};
  const data = type === "UPDATE_CONTACT" ? NOBODY : { ...ids, ...said };
  const to = reply === undefined ? {} : { reply };
  return { receipt, event: { type, timestamp, data }, ...to };
}

type Item = { receipt?: unknown; reply?: unknown; event: Record<string, unknown> };

const asItem = (item: unknown): Item => {
  const { receipt, reply, event } = objectIn(item);
  return { receipt, reply, event: objectIn(event) };
};

const objectIn = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
