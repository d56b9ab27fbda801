import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { AuditAction } from "@fio/contracts";
import { clearOutbox, type ErasedContacts } from "../store/announced.ts";
import { addAuditLine } from "../store/audit.ts";
import type { Store } from "../store/connect.ts";
import { buryConversation, eraseStep, finishErasures } from "../store/erase.ts";
import { erasedAmong, finishCustomers, unfinishedCustomers } from "../store/erased-contacts.ts";
import { buryCustomer } from "../store/forget-customer.ts";
import { forgetWords } from "../store/forget-words.ts";
import { conversationsOfContacts, notOfOthers } from "../store/queries/customers.ts";
import { untilDone } from "../store/retry.ts";
import type { Connection } from "../store/sql.ts";
import { conversationsInQueue, forgetInQueue } from "./forget-in-queue.ts";
import { forgetInStream } from "./forget-in-stream.ts";

/** Between two steps, so that others get their turn. */
const PAUSE_MS = 10;
/** How long workers have to announce what they had committed before. */
const ANNOUNCE_MS = 10_000;
const CONVERSATIONS_AT_ONCE = 100;

export type Erased = {
  /** Conversations that it was about. */
  conversations: number;
  /** Those of them that had no tombstone before. */
  buried: number;
  /** Jobs that were not done, or were given up, out of which what was written is taken. */
  jobs: number;
};

/**
 * Erases conversations and customers for good, here and in Redis. Whoever is killed in it leaves what is not finished: doing
 * it again goes on, and is harmless. Throws what the store and Redis throw, passing faults of the store after a minute.
 */
export async function erase({
  store,
  partitions,
  conversations = [],
  customers = [],
  now,
  announceMs = ANNOUNCE_MS,
}: {
  store: Store;
  /** A connection to each partition of the queue; the first has the live stream too. */
  partitions: readonly Redis[];
  conversations?: readonly string[];
  /** Of each the keys of all contacts. */
  customers?: ReadonlyArray<readonly string[]>;
  now: () => number;
  announceMs?: number;
}): Promise<Erased> {
  const patiently = <Value>(work: () => Promise<Value>): Promise<Value> =>
    untilDone(work, { signal: AbortSignal.timeout(60_000) });
  const note = (action: AuditAction, conversation: string | null): Promise<void> =>
    patiently(() =>
      addAuditLine(store, { at: now() * 1_000, action, conversation, detail: "npm run customer" }),
    );
  const connection: Connection = { dialect: store.dialect, knex: store.write };
  const contacts: ErasedContacts = (keys) => patiently(() => erasedAmong(connection, keys));

  const all = new Set<string>();
  let buried = 0;
  /** Gives whether its customer is gone with it. */
  const bury = async (conversation: string): Promise<boolean> => {
    all.add(conversation);
    // It may be written of one whose erasure an earlier run has begun; never is one erased that is not written of.
    await note("erase", conversation);
    const done = await patiently(() => buryConversation(store, { conversation, now: now() }));
    if (done !== null) buried += 1;
    return done?.isCustomerGone ?? false;
  };
  /**
   * Until a transaction finds that none is left, and forgets who they are: what they write after that is a new customer's. What
   * was accepted before and is not applied yet is theirs as well.
   */
  const buryAllOf = async (keys: readonly string[]): Promise<void> => {
    await note("erase_customer", null);
    let isGone = false;
    for (const [partition, redis] of partitions.entries()) {
      const waiting = await conversationsInQueue(redis, { contacts: new Set(keys), partition });
      for (const id of await patiently(() => notOfOthers(store.write, { ids: waiting, contacts: keys })))
        isGone = (await bury(id)) || isGone;
    }
    while (!isGone) {
      const limit = CONVERSATIONS_AT_ONCE;
      const own = await patiently(() => conversationsOfContacts(store.write, { contacts: keys, limit }));
      for (const id of own) isGone = (await bury(id)) || isGone;
      if (own.length === 0) isGone = await patiently(() => buryCustomer(store, keys));
    }
  };

  for (const id of new Set(conversations)) await bury(id);
  for (const keys of customers) await buryAllOf(keys);
  const unfinished = await patiently(() => unfinishedCustomers(connection));
  for (const id of all) while (await patiently(() => eraseStep(store, id))) await sleep(PAUSE_MS);
  // What a transaction from before the tombstones tells must be in the stream before that is cut.
  await patiently(() => clearOutbox(store, { conversations: all, contacts, patienceMs: announceMs }));
  let jobs = 0;
  for (const [partition, redis] of partitions.entries()) {
    if (partition === 0) await forgetInStream(redis, { conversations: all, contacts });
    jobs += await forgetInQueue(redis, { conversations: all, contacts, partition });
  }
  while (await patiently(() => forgetWords(store))) await sleep(PAUSE_MS);
  await patiently(() => finishErasures(store, { conversations: [...all], now: now() }));
  await patiently(() => finishCustomers(connection, unfinished));
  return { conversations: all.size, buried, jobs };
}
