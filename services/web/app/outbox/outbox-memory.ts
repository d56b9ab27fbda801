import type { Posting } from "./entry.ts";
import type { OutboxMemory } from "./outbox.ts";

const STORE = "outbox";
const CHANNEL = "fio.outbox";

/** The outbox in IndexedDB. Where that is forbidden (a private window), it lives as long as the tab. */
export function openOutboxMemory(): OutboxMemory {
  const database = open().catch(() => null);
  const inTab = new Map<string, Posting>();
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);

  const run = async <Value>(
    mode: IDBTransactionMode,
    act: (store: IDBObjectStore) => IDBRequest<Value>,
  ): Promise<Value | undefined> => {
    const opened = await database;
    if (opened === null) return undefined;
    return answerOf(act(opened.transaction(STORE, mode).objectStore(STORE)));
  };
  const tell = (): void => channel?.postMessage("changed");

  return {
    all: async () =>
      (await run<Posting[]>("readonly", (store) => store.getAll() as IDBRequest<Posting[]>)) ?? [
        ...inTab.values(),
      ],
    put: async (entry) => {
      inTab.set(entry.id, entry);
      await run("readwrite", (store) => store.put(entry));
      tell();
    },
    remove: async (id) => {
      inTab.delete(id);
      await run("readwrite", (store) => store.delete(id));
      tell();
    },
    onChange: (listener) => {
      channel?.addEventListener("message", listener);
      return () => channel?.removeEventListener("message", listener);
    },
  };
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("fio", 1);
  request.onupgradeneeded = () => void request.result.createObjectStore(STORE, { keyPath: "id" });
  return answerOf(request);
}

function answerOf<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB failed"));
  });
}
