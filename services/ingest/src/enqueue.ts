import { createHash } from "node:crypto";
import { addStandardJob } from "bullmq/dist/esm/scripts/addStandardJob-9.js";
import type { Redis } from "ioredis";
import { JOB_OPTIONS, keysOf, type PostedEvent, type Receipt } from "@fio/contracts";
import { ANOTHER_LAYOUT, FIRST_LAYOUT, layoutText, type Layout } from "@fio/service/layout";
import { jobName, queueKey } from "@fio/service/queue";
import {
  NOTHING_SEEN,
  OUT_OF_RANGE,
  TAKE_RECEIPTS,
  receiptBlock,
  seenArguments,
  type SeenReceipts,
} from "@fio/service/receipts";
import type { TraceContext } from "@fio/service/tracing/trace-context";
import { GO_AHEAD } from "./go-ahead.ts";
import type { Acknowledged } from "./replicas.ts";

/** An event on its way to the queue; `reply` names the ingest that waits for its outcome, `trace` what it belongs to. */
export type Outgoing = { event: PostedEvent; reply?: string; trace?: TraceContext };

/**
 * Queues events as one job and gives each its receipt, in order. `layout`: under which these events belong to this
 * partition. Throws {@link AnotherLayout} when that holds no longer, else when Redis does not confirm them.
 */
export type Enqueue = (events: readonly Outgoing[], layout?: Layout) => Promise<Receipt[]>;

/** Nothing was queued: conversations are divided in another way by now. */
export class AnotherLayout extends Error {}

/* In the order in which BullMQ's own script expects them. */
const BULLMQ_KEYS = ["wait", "paused", "meta", "id", "completed", "delayed", "active", "events", "marker"];

function keysOfFlush(partition: number): string[] {
  const { receipt, giver, taken, ahead, layout, answers } = keysOf(partition);
  const queue = BULLMQ_KEYS.map((name) => queueKey(name, partition));
  return [...queue, receipt, giver, taken, ahead, layout, answers];
}

/** Of a conversation so many are known, for so long: what is older is applied, or nothing is. */
const ANSWERS_KNOWN = 256;
const ANSWERS_KNOWN_SECONDS = 24 * 3_600;
/** Of a receipt and the comma before it. */
const ANSWER_LENGTH = 17;

/*
 * Receipts and the job that carries them are one script, and so one write to Redis' disk. It takes the receipts, writes
 * the job's JSON around them, and adds it with BullMQ's own script for adding jobs: its text is a function here,
 * to which KEYS and ARGV are arguments. `enqueue.int.test.ts` compares what it leaves in Redis with what BullMQ leaves.
 *
 * What agents write is noted with it, since it may go ahead of what they wrote before: who delivers it asks for that.
 *
 * If Redis refuses a write in the middle, receipts were taken and nothing was queued: they are never given again.
 */
export const ENQUEUE = `
local function addStandardJob(KEYS, ARGV)
${addStandardJob.content}
end
${TAKE_RECEIPTS}
${GO_AHEAD}
local prefix, options, count = ARGV[1], ARGV[2], tonumber(ARGV[3])
local seen = { floor = ARGV[4], giver = ARGV[5], newConnection = ARGV[6] }
local layout, own, partitions = redis.call('GET', KEYS[14]) or '${layoutText(FIRST_LAYOUT)}', tonumber(ARGV[8]), tonumber(ARGV[9])
if layout ~= ARGV[7] then return redis.error_reply('${ANOTHER_LAYOUT} it is ' .. layout) end
local first, giver = takeReceipts({ receipt = KEYS[10], giver = KEYS[11] }, seen, count, own, partitions)
if not first then return ${OUT_OF_RANGE} end

local events = {}
for index = 1, count do
  events[index] = '{"receipt":"' .. string.format('%016.0f', first + (index - 1) * partitions) .. '"' .. ARGV[9 + index]
end
local takenBefore = tonumber(redis.call('GET', KEYS[12]) or '0')
local taken = string.format('%.0f', takenBefore)
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local keys = { wait = KEYS[1], ahead = KEYS[13] }
local ahead, name = goesAhead(keys, prefix, count, takenBefore, now)
local given = cjson.decode(options)
if ahead then given['lifo'] = true else name = '${jobName("' .. taken .. '", "' .. ARGV[3] .. '")}' end
local added = addStandardJob(KEYS, {
  cmsgpack.pack({ prefix, '', name, now }),
  '{"v":1,"events":[' .. table.concat(events, ',') .. ']}',
  cmsgpack.pack(given),
})
if type(added) == 'number' and added < 0 then return redis.error_reply('ERR the job was not added: ' .. added) end
if ahead then behindOthersAhead(keys, ahead) else redis.call('INCRBY', KEYS[12], count) end
for index = 10 + count, #ARGV, 2 do
  local key = KEYS[15] .. ':' .. ARGV[index + 1]
  local receipt = string.format('%016.0f', first + (tonumber(ARGV[index]) - 1) * partitions)
  local before = redis.call('GET', key)
  if before then receipt = string.sub(before, -${(ANSWERS_KNOWN - 1) * ANSWER_LENGTH - 1}) .. ',' .. receipt end
  redis.call('SET', key, receipt, 'EX', ${ANSWERS_KNOWN_SECONDS})
end
return { string.format('%.0f', first), giver, redis.call('LLEN', KEYS[1]) }
`;

const SHA = createHash("sha1").update(ENQUEUE).digest("hex");
const OPTIONS = JSON.stringify(JOB_OPTIONS);

/** Enqueues to a partition on a connection that the caller owns; a flush is done when `acknowledged` says so. */
export function createEnqueue({
  redis,
  acknowledged,
  partition = 0,
  noteWaiting = () => undefined,
}: {
  redis: Redis;
  acknowledged: Acknowledged;
  partition?: number;
  /** Told by each flush how many jobs wait for a worker now. */
  noteWaiting?: (jobs: number) => void;
}): Enqueue {
  const keys = keysOfFlush(partition);
  const prefix = queueKey("", partition);
  let seen: SeenReceipts = { ...NOTHING_SEEN, newConnection: true };
  redis.on("ready", () => {
    seen = { ...seen, newConnection: true };
  });

  /** The script and the wait for the replicas leave together, in this order. */
  const send = (command: "eval" | "evalsha", args: Array<string | number>): Sent => {
    const script = command === "eval" ? ENQUEUE : SHA;
    const given = redis[command](script, keys.length, ...keys, ...args) as Promise<Given>;
    return Promise.allSettled([given, acknowledged()]);
  };

  return async (events, layout = FIRST_LAYOUT) => {
    const { newConnection } = seen;
    const place = [layoutText(layout), partition, layout.count];
    const args = [
      ...[prefix, OPTIONS, events.length, ...seenArguments(seen), ...place],
      ...[...events.map(tailOf), ...answersOf(events)],
    ];
    seen = { ...seen, newConnection: false };
    let [given, acknowledgement] = await send("evalsha", args);
    if (isNoScript(given)) [given, acknowledgement] = await send("eval", args);
    if (given.status === "rejected") {
      seen = { ...seen, newConnection: seen.newConnection || newConnection };
      throw isAnotherLayout(given.reason) ? new AnotherLayout(given.reason.message) : given.reason;
    }
    const [first, giver, waiting] = given.value;
    noteWaiting(waiting);
    const receipts = receiptBlock(first, events.length, layout.count);
    const highest = receipts.at(-1) ?? null;
    // These receipts are used up, even if the replicas fail.
    if (seen.floor === null || (highest !== null && highest > seen.floor)) {
      seen = { ...seen, floor: highest, giver };
    }
    if (acknowledgement.status === "rejected") throw acknowledgement.reason;
    return receipts;
  };
}

/** The first receipt, who gave it, and how many jobs wait. */
type Given = [string, string, number];
type Sent = Promise<[PromiseSettledResult<Given>, PromiseSettledResult<void>]>;

/** Redis was restarted, or its script cache was flushed. */
const isNoScript = (given: PromiseSettledResult<unknown>): boolean =>
  given.status === "rejected" && given.reason instanceof Error && given.reason.message.startsWith("NOSCRIPT");

/** Before Redis 7 an error inside a script comes with text around it. */
const isAnotherLayout = (reason: unknown): reason is Error =>
  reason instanceof Error && reason.message.includes(ANOTHER_LAYOUT);

/** The place of each message of an agent, from 1, and its conversation. */
function answersOf(events: readonly Outgoing[]): Array<string | number> {
  return events.flatMap(({ event }, index) =>
    event.type === "NEW_MESSAGE" && event.data.author !== undefined
      ? [index + 1, event.data.conversation_id]
      : [],
  );
}

/** What follows the receipt in the event's JSON. */
function tailOf({ event, reply, trace }: Outgoing): string {
  const answer = reply === undefined ? "" : `,"reply":${JSON.stringify(reply)}`;
  const traced = trace === undefined ? "" : `,"trace":${JSON.stringify(trace)}`;
  return `,"event":${JSON.stringify(event)}${answer}${traced}}`;
}
