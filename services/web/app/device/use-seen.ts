import { useSyncExternalStore } from "react";
import type { ConversationRow } from "@fio/contracts";
import { createSeen, SEEN_KEY, type Seen } from "./seen.ts";

let seen: Seen | undefined;

/** In the browser only. */
export function browserSeen(): Seen {
  if (seen === undefined) {
    const created = createSeen({ storage: localStorage });
    addEventListener("storage", ({ key }) => {
      if (key === SEEN_KEY || key === null) created.reload();
    });
    seen = created;
  }
  return seen;
}

const subscribe = (listener: () => void): (() => void) => browserSeen().subscribe(listener);

/** Whether a customer waits for an answer to what this browser has not shown; the server does not know. */
export function useIsUnread(row: ConversationRow): boolean {
  return useSyncExternalStore(
    subscribe,
    () => browserSeen().isUnread(row),
    () => false,
  );
}
