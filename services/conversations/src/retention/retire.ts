import type { Redis } from "ioredis";
import { receiptMilliseconds, receiptOf, type Receipt } from "@fio/contracts";
import { forgetInQueue } from "../customer/forget-in-queue.ts";
import { forgetStreamBefore } from "../customer/forget-in-stream.ts";
import type { Store } from "../store/connect.ts";
import { buryConversation, eraseStep, finishErasures, unfinishedErasures } from "../store/erase.ts";
import { erasedAmong } from "../store/erased-contacts.ts";
import { forgetWords } from "../store/forget-words.ts";
import type { Announcement } from "../store/outbox.ts";
import { deleteOldUpdates } from "../store/quiet.ts";
import { untilDone } from "../store/retry.ts";
import { findOld, type Old } from "./find-old.ts";

/** Conversations that are under way together: what one that is killed leaves to the next. */
const AT_ONCE = 20;
const PATIENCE_MS = 60_000;
/** Later than the last event of a quiet conversation is by so much at most what it changed announced. */
const ANNOUNCED_MS = 3_600_000;

/** `conversations`: closed ones; `waiting`: what waited for one that never came; `updates`: of customers, that had failed. */
export type Retired = { conversations: number; waiting: number; updates: number; goneOnWith: number };

/**
 * Erases all that is older than `before`, as an operator's command does, conversation by conversation. Whoever ends in the
 * middle leaves tombstones that the next round goes on with. Throws what the store and Redis throw, and what `rest` does.
 */
export async function retire({
  store,
  partitions,
  before,
  announce,
  rest,
  now,
  signal,
  onRetired = () => {},
}: {
  store: Store;
  /** A connection to each partition of the queue; the first has the live stream too. */
  partitions: readonly Redis[];
  before: Receipt;
  announce: (announcement: Announcement) => Promise<unknown>;
  /** After each transaction, with the milliseconds that it took: others get their turn. */
  rest: (tookMs: number) => Promise<void>;
  now: () => number;
  /** Passing faults of the store are tried again until then, for a minute at most. */
  signal: AbortSignal;
  onRetired?: (kind: Old["kind"]) => void;
}): Promise<Retired> {
  const retired: Retired = { conversations: 0, waiting: 0, updates: 0, goneOnWith: 0 };
  const paced = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    const began = performance.now();
    const value = await untilDone(work, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    await rest(performance.now() - began);
    return value;
  };
  const [first] = partitions;
  if (first !== undefined) await forgetStreamBefore(first, receiptMilliseconds(before) + ANNOUNCED_MS);

  const contacts = (keys: readonly string[]) =>
    paced(() => erasedAmong({ dialect: store.dialect, knex: store.write }, keys));
  const eraseAll = async (conversations: readonly string[]): Promise<void> => {
    for (const conversation of conversations) while (await paced(() => eraseStep(store, conversation)));
    const named = new Set(conversations);
    // Jobs that are still to be done meet the tombstones; those that were given up stay for as long as nobody sees to them.
    for (const [partition, redis] of partitions.entries())
      await forgetInQueue(redis, { conversations: named, contacts, partition, states: ["failed"] });
    while (await paced(() => forgetWords(store)));
    await paced(() => finishErasures(store, { conversations, now: now() }));
  };

  for (;;) {
    const left = await unfinishedErasures(store, { byAge: true, limit: AT_ONCE });
    if (left.length === 0) break;
    await eraseAll(left);
    retired.goneOnWith += left.length;
  }
  let inHand: string[] = [];
  for await (const old of findOld(store, before, paced)) {
    if (old.kind === "updates") {
      await paced(() => deleteOldUpdates(store, old.receipt));
    } else {
      const { conversation } = old;
      const buried = await paced(() =>
        buryConversation(store, { conversation, now: now(), quietBelow: before }),
      );
      if (buried === null) continue;
      await announce(buried.told);
      inHand.push(conversation);
    }
    retired[old.kind] += 1;
    onRetired(old.kind);
    if (inHand.length < AT_ONCE) continue;
    await eraseAll(inHand);
    inHand = [];
  }
  if (inHand.length > 0) await eraseAll(inHand);
  return retired;
}

/** The receipt below which lies what is older than so many days. */
export const receiptBefore = (now: number, days: number): Receipt =>
  receiptOf(BigInt(Math.floor(now - days * 86_400_000)) * 1_000n);
