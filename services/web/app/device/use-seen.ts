import { useSyncExternalStore } from "react";
import type { ConversationRow } from "@fio/contracts";
import { createSeen, type Seen } from "./seen.ts";

let seen: Seen | undefined;

/** In the browser only. */
export function browserSeen(): Seen {
  if (seen === undefined) {
    const created = createSeen({
      storage: localStorage,
      now: `${new Date().toISOString().slice(0, 23)}000Z`,
    });
    addEventListener("storage", ({ key }) => {
      if (key === "fio.seen") created.reload();
    });
    seen = created;
  }
  return seen;
}

const subscribe = (listener: () => void): (() => void) => browserSeen().subscribe(listener);

/** Messages that this browser has not shown; 0 on the server, which does not know. */
export function useUnread(row: ConversationRow): number {
  return useSyncExternalStore(
    subscribe,
    () => browserSeen().unread(row),
    () => 0,
  );
}
