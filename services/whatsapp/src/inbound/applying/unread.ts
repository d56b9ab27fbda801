import type { Redis } from "ioredis";
import { UNREAD_KEY } from "../../keys.ts";
import type { Item } from "../reading/split.ts";

/** Keeps an item as it came, and why Fio could not show it. */
export type Unread = (item: Item, why: string) => Promise<void>;

/** As many are kept, for as long: some may hold a customer's words. */
const MOST = 10_000;
const DAYS = 30;

export function createUnread({ redis, now = Date.now }: { redis: Redis; now?: () => number }): Unread {
  return async (item, why) => {
    await redis.xadd(UNREAD_KEY, "MAXLEN", "~", MOST, "*", "why", why, "item", JSON.stringify(item));
    await redis.xtrim(UNREAD_KEY, "MINID", "~", now() - DAYS * 24 * 3_600_000);
  };
}
