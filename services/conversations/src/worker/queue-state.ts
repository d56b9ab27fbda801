import type { Redis } from "ioredis";
import { QUEUE_NAME, REDIS_PREFIX } from "@fio/contracts";

/** What is not done yet. */
export type QueueState = {
  waiting: number;
  active: number;
  /** Of the oldest job that waits or is in a worker's hands, delayed ones included; 0 when there is none. */
  oldestSeconds: number;
};

const key = (type: string): string => `${REDIS_PREFIX}:${QUEUE_NAME}:${type}`;

/* Active and delayed jobs are as few as workers can hold; of those that wait, the end of the list is the oldest. */
const STATE = `
local function timestamp(id)
  return id and tonumber(redis.call('HGET', ARGV[1] .. id, 'timestamp') or '') or nil
end
local oldest = timestamp(redis.call('LINDEX', KEYS[1], -1))
local active = redis.call('LRANGE', KEYS[2], 0, 1000)
local delayed = redis.call('ZRANGE', KEYS[3], 0, 1000)
for _, ids in ipairs({ active, delayed }) do
  for _, id in ipairs(ids) do
    local at = timestamp(id)
    if at and (not oldest or at < oldest) then oldest = at end
  end
end
return { redis.call('LLEN', KEYS[1]) + #delayed, #active, oldest and string.format('%.0f', oldest) or '' }
`;

/** Looks at the queue without reading any job. Throws what Redis throws. */
export async function readQueueState(redis: Redis, now: number): Promise<QueueState> {
  const answer = await redis.eval(STATE, 3, key("wait"), key("active"), key("delayed"), key(""));
  const [waiting, active, oldest] = answer as [number, number, string];
  return { waiting, active, oldestSeconds: oldest === "" ? 0 : Math.max(0, now - Number(oldest)) / 1000 };
}
