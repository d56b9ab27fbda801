import type { Redis } from "ioredis";
import { inboxKey } from "../../keys.ts";
import { personOf } from "../reading/person.ts";
import type { Item } from "../reading/split.ts";
import { jobOptions, type InboxQueue } from "./open-queue.ts";

/** Resolves once all of it is on Redis' disk; rejects when that is not known. */
export type Inbox = (items: readonly Item[]) => Promise<void>;

/**
 * Puts each item at the end of its person's list, and then says that the person has something waiting: a job that is
 * about to end runs once more for it. What is written in the order given on one connection is done in that order.
 */
export function createInbox({ redis, queue }: { redis: Redis; queue: InboxQueue }): Inbox {
  return async (items) => {
    const texts = new Map<string, string[]>();
    for (const item of items) {
      const person = nameOf(item);
      const own = texts.get(person) ?? [];
      own.push(JSON.stringify(item));
      texts.set(person, own);
    }
    const written = [...texts].map(([person, own]) => redis.rpush(inboxKey(person), ...own));
    const told = [...texts.keys()].map((person) => queue.add("items", { person }, jobOptions(person)));
    await Promise.all([...written, ...told]);
  };
}

/** What is about nobody shares a list for each of our numbers. */
export function nameOf(item: Item): string {
  const person = personOf(item);
  return person === null ? item.channel : `${item.channel} ${person.id}`;
}
