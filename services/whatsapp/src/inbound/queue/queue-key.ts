import { REDIS_PREFIX } from "@fio/contracts";
import { INBOX_QUEUE } from "../../keys.ts";

/** A key of the queue as BullMQ names it, e.g. `wait`, or a job's by its id. */
export const queueKey = (name: string): string => `${REDIS_PREFIX}:${INBOX_QUEUE}:${name}`;
