import type { ConversationRow } from "@fio/contracts";

/** How many messages of each conversation this browser has shown: kept on this device only. */
export type Seen = ReturnType<typeof createSeen>;

const KEY = "fio.seen";
const SINCE_KEY = "fio.seen.since";
const KEPT = 3_000;
const SAVE_MS = 500;

type Memory = Pick<Storage, "getItem" | "setItem">;

/** `now` is the time of the first visit ever: what was there before counts as read. */
export function createSeen({ storage, now }: { storage: Memory; now: string }) {
  const since = storage.getItem(SINCE_KEY) ?? now;
  if (since === now) storage.setItem(SINCE_KEY, now);
  let counts = read(storage);
  let saving: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  const set = (id: string, count: number): void => {
    counts.delete(id);
    counts.set(id, count);
    for (const oldest of counts.keys()) {
      if (counts.size <= KEPT) break;
      counts.delete(oldest);
    }
    saving ??= setTimeout(save, SAVE_MS);
  };
  const save = (): void => {
    saving = undefined;
    // Another tab may have seen more in the meantime.
    const merged = read(storage);
    for (const [id, count] of counts) merged.set(id, Math.max(count, merged.get(id) ?? 0));
    counts = merged;
    storage.setItem(KEY, JSON.stringify([...merged].slice(-KEPT)));
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
      for (const [id, count] of read(storage)) {
        if (count > (counts.get(id) ?? 0)) counts.set(id, count);
      }
      tell();
    },
    /** What is on screen now. */
    mark: (row: ConversationRow): void => {
      if (row.message_count <= (counts.get(row.id) ?? -1)) return;
      set(row.id, row.message_count);
      tell();
    },
    unread: (row: ConversationRow): number => {
      const known = counts.get(row.id);
      if (known === undefined && row.activity_at < since) {
        set(row.id, row.message_count);
        return 0;
      }
      return Math.max(0, row.message_count - (known ?? 0));
    },
  };
}

function read(storage: Memory): Map<string, number> {
  try {
    return new Map(JSON.parse(storage.getItem(KEY) ?? "[]") as [string, number][]);
  } catch {
    return new Map();
  }
}
