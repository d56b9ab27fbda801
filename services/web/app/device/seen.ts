import { useSyncExternalStore } from "react";
import type { ConversationRow, Receipt } from "@fio/contracts";
import { ownName } from "./account.ts";
import { kept, type Memory } from "./kept.ts";

/** Up to which message of the customer this browser has shown each conversation: kept on this device only. */
export type Seen = ReturnType<typeof createSeen>;

const CONVERSATIONS_KEPT = 3_000;
const SAVE_MS = 500;

type SeenRow = Pick<ConversationRow, "id" | "last_received_receipt" | "message_count" | "waiting_since">;
type Pairs<Value> = readonly (readonly [id: string, value: Value])[];

const keptPairs = <Value>(key: string, memory: (() => Memory) | undefined) =>
  kept<Pairs<Value>>({
    key: ownName(key),
    read: (text) => {
      try {
        return JSON.parse(text ?? "[]") as Pairs<Value>;
      } catch {
        return [];
      }
    },
    write: (pairs) => JSON.stringify(pairs),
    ...(memory === undefined ? {} : { memory }),
  });

/** In a browser: it hears of what its other tabs have shown. */
export function createSeen({ memory }: { memory?: () => Memory } = {}) {
  const stored = keptPairs<Receipt>("fio.seen.receipts", memory);
  const receipts = new Map(stored.get());
  /** Of conversations that older versions have shown and this one has not: how many messages. */
  const counts = new Map(keptPairs<number>("fio.seen", memory).get());
  let saving: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  /** True when it is news. */
  const learn = (id: string, receipt: Receipt): boolean => {
    if (receipt <= (receipts.get(id) ?? "")) return false;
    receipts.delete(id);
    receipts.set(id, receipt);
    for (const oldest of receipts.keys()) {
      if (receipts.size <= CONVERSATIONS_KEPT) break;
      receipts.delete(oldest);
    }
    return true;
  };
  const learnStored = (): void => {
    for (const [id, receipt] of stored.get()) learn(id, receipt);
  };
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const save = (): void => {
    saving = undefined;
    // Another tab may have seen more in the meantime.
    learnStored();
    stored.set([...receipts]);
  };
  stored.subscribe(() => {
    learnStored();
    tell();
  });

  return {
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** What is on screen now. */
    mark: ({ id, last_received_receipt: receipt }: SeenRow): void => {
      if (receipt === null || !learn(id, receipt)) return;
      saving ??= setTimeout(save, SAVE_MS);
      tell();
    },
    /** A customer waits for an answer to what this browser has not shown. */
    isUnread: (row: SeenRow): boolean => {
      if (row.waiting_since === null || row.last_received_receipt === null) return false;
      const known = receipts.get(row.id);
      if (known !== undefined) return row.last_received_receipt > known;
      return row.message_count > (counts.get(row.id) ?? -1);
    },
  };
}

let seen: Seen | undefined;

/** In the browser only. */
export const browserSeen = (): Seen => (seen ??= createSeen());

const subscribe = (listener: () => void): (() => void) => browserSeen().subscribe(listener);

/** Whether a customer waits for an answer to what this browser has not shown; the server does not know. */
export function useIsUnread(row: ConversationRow): boolean {
  return useSyncExternalStore(
    subscribe,
    () => browserSeen().isUnread(row),
    () => false,
  );
}
