import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import { CHANGES_FIELD, CHANGES_KEY, type Change, type Job } from "@fio/contracts";
import { openEventQueue } from "@fio/service/queue";
import { tellsOf } from "../store/announced.ts";

/* What Redis holds of erased conversations: entries of the live stream, and jobs that are not done. */

const ENTRIES_AT_ONCE = 500;
const JOBS_AT_ONCE = 50;

/**
 * Redis keeps entries in blocks (`stream-node-max-bytes`, 4 KiB unless set otherwise), and what is cut out of a block that
 * others are still in stays in memory and on disk. One entry of this size begins a block of its own.
 */
const FILLER = "[]".padEnd(64 * 1024, " ");
/** How long readers that are live have to come past the cut. */
const PASS_MS = 2_000;

/**
 * Cuts the stream at its end when an entry tells of one of them, and gives whether one did. Entries hold the changes
 * of many conversations: a client that is further behind is told to load snapshots, and misses none of the others.
 */
export async function forgetInStream(
  redis: Redis,
  conversations: ReadonlySet<string>,
  key: string = CHANGES_KEY,
): Promise<boolean> {
  let isThere = false;
  for (let from = "-"; ;) {
    const entries = await redis.xrange(key, from, "+", "COUNT", ENTRIES_AT_ONCE);
    for (const [, fields] of entries) {
      isThere ||= tells(fields[fields.indexOf(CHANGES_FIELD) + 1] ?? "", conversations);
    }
    const [end] = entries.at(-1) ?? [];
    if (isThere || end === undefined || entries.length < ENTRIES_AT_ONCE) break;
    from = `(${end}`;
  }
  if (!isThere) return false;
  const cut = await redis.xadd(key, "*", CHANGES_FIELD, FILLER);
  await sleep(PASS_MS);
  if (cut !== null) await redis.xtrim(key, "MINID", cut);
  return true;
}

/** Cuts off what was announced before `before`, in milliseconds since 1970: entries go by Redis' clock. */
export async function forgetStreamBefore(
  redis: Redis,
  before: number,
  key: string = CHANGES_KEY,
): Promise<void> {
  await redis.xtrim(key, "MINID", String(before));
}

function tells(text: string, conversations: ReadonlySet<string>): boolean {
  try {
    return (JSON.parse(text) as Change[]).some((change) => tellsOf(change, conversations));
  } catch {
    // What no worker wrote is of no use to anyone: it goes if it names one of them.
    return names(text, conversations);
  }
}

const names = (text: string, conversations: ReadonlySet<string>): boolean => {
  const lower = text.toLowerCase();
  return [...conversations].some((id) => lower.includes(id));
};

type JobState = "failed" | "delayed" | "prioritized" | "wait" | "active";

/**
 * Takes what was written out of their events in jobs that are not done, or were given up; gives in how many. The events
 * stay, with their ids, so that the backlog is counted as ever: whoever applies them finds the tombstone.
 */
export async function forgetInQueue(
  redis: Redis,
  {
    conversations,
    partition,
    states = ["failed", "delayed", "prioritized", "wait", "active"],
  }: { conversations: ReadonlySet<string>; partition: number; states?: readonly JobState[] },
): Promise<number> {
  const queue = openEventQueue(redis, partition);
  let changed = 0;
  try {
    for (const state of states) {
      for (let start = 0; ; start += JOBS_AT_ONCE) {
        const jobs = await queue.getJobs([state], start, start + JOBS_AT_ONCE - 1, true);
        for (const job of jobs as Array<(typeof jobs)[number] | undefined>) {
          // Done meanwhile.
          if (job === undefined || !names(JSON.stringify(job.data), conversations)) continue;
          changed += 1;
          await job.updateData(withoutContent(job.data, conversations)).catch((error: unknown) => {
            if (!(error instanceof Error) || !/missing key/i.test(error.message)) throw error;
          });
        }
        if (jobs.length < JOBS_AT_ONCE) break;
      }
    }
  } finally {
    await queue.close();
  }
  return changed;
}

/** A job may hold whatever somebody put there. */
export function withoutContent(data: unknown, conversations: ReadonlySet<string>): Job {
  const events: unknown = isObject(data) ? data["events"] : null;
  const list = Array.isArray(events) ? (events as unknown[]) : [];
  const kept = list.map((item) => (names(JSON.stringify(item), conversations) ? bare(item) : item));
  return { v: 1, events: kept as Job["events"] };
}

function bare(item: unknown): unknown {
  if (!isObject(item) || !isObject(item["event"])) return {};
  const { receipt, reply, event } = item;
  const { type, timestamp } = event;
  const data = isObject(event["data"]) ? event["data"] : {};
  const ids = Object.fromEntries(
    ["id", "conversation_id", "receipt", "how", "carried_to"].flatMap((name) =>
      typeof data[name] === "string" ? [[name, data[name]]] : [],
    ),
  );
  const said = type === "NEW_MESSAGE" ? { direction: "RECEIVED", content: "-" } : {};
  const to = reply === undefined ? {} : { reply };
  return { receipt, event: { type, timestamp, data: { ...ids, ...said } }, ...to };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
