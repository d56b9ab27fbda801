import { ownName } from "../device/account.ts";
import type { Posting } from "./entry.ts";
import type { OutboxMemory } from "./outbox.ts";

const STORE = "outbox";
const CHANNEL = ownName("fio.outbox");
const DATABASE = ownName("fio");

/** The outbox in IndexedDB. Where that is forbidden (a private window), it lives as long as the tab. */
export function openOutboxMemory(): OutboxMemory {
  let forgotten = false;
  const database = open().then(
    (opened) => {
      // By a sign-out, in this tab or another: what a tab still tells does not bring it back.
      opened.onversionchange = () => {
        forgotten = true;
        opened.close();
      };
      return opened;
    },
    () => null,
  );
  const inTab = new Map<string, Posting>();
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);

  const run = async <Value>(
    mode: IDBTransactionMode,
    act: (store: IDBObjectStore) => IDBRequest<Value>,
  ): Promise<Value | undefined> => {
    const opened = await database;
    if (opened === null || forgotten) return undefined;
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

/** All that an outbox of this agent keeps goes. */
export const forgetOutbox = (): Promise<unknown> =>
  answerOf(indexedDB.deleteDatabase(DATABASE)).catch(() => null);

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => void request.result.createObjectStore(STORE, { keyPath: "id" });
  return answerOf(request);
}

function answerOf<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB failed"));
  });
}
