import type { ConversationRow, Receipt } from "@fio/contracts";

/** Up to which message of the customer this browser has shown each conversation: kept on this device only. */
export type Seen = ReturnType<typeof createSeen>;

export const SEEN_KEY = "fio.seen.receipts";
/** Older versions kept how many messages they had shown, and when this browser came first. */
const COUNTS_KEY = "fio.seen";
const SINCE_KEY = "fio.seen.since";
const KEPT = 3_000;
const SAVE_MS = 500;

type Memory = Pick<Storage, "getItem" | "setItem" | "removeItem">;
type SeenRow = Pick<ConversationRow, "id" | "last_received_receipt" | "message_count" | "waiting_since">;

export function createSeen({ storage }: { storage: Memory }) {
  const receipts = read<Receipt>(storage, SEEN_KEY);
  /** Of conversations that older versions have shown and this one has not. */
  const counts = read<number>(storage, COUNTS_KEY);
  let unsaved = new Map<string, Receipt>();
  let saving: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  /** True when it is news. */
  const learn = (id: string, receipt: Receipt): boolean => {
    if (receipt <= (receipts.get(id) ?? "")) return false;
    receipts.delete(id);
    receipts.set(id, receipt);
    for (const oldest of receipts.keys()) {
      if (receipts.size <= KEPT) break;
      receipts.delete(oldest);
    }
    return true;
  };
  const save = (): void => {
    saving = undefined;
    // Another tab may have seen more in the meantime.
    for (const [id, receipt] of read<Receipt>(storage, SEEN_KEY)) if (!unsaved.has(id)) learn(id, receipt);
    unsaved = new Map();
    try {
      storage.setItem(SEEN_KEY, JSON.stringify([...receipts]));
      storage.removeItem(SINCE_KEY);
    } catch {
      // Full, or forbidden: it lasts as long as the tab.
    }
  };
  const tell = (): void => {
    for (const listener of listeners) listener();
  };

  return {
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Another tab has written. */
    reload: (): void => {
      for (const [id, receipt] of read<Receipt>(storage, SEEN_KEY)) learn(id, receipt);
      tell();
    },
    /** What is on screen now. */
    mark: ({ id, last_received_receipt: receipt }: SeenRow): void => {
      if (receipt === null || !learn(id, receipt)) return;
      unsaved.set(id, receipt);
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

function read<Value>(storage: Memory, key: string): Map<string, Value> {
  try {
    return new Map(JSON.parse(storage.getItem(key) ?? "[]") as [string, Value][]);
  } catch {
    return new Map();
  }
}
