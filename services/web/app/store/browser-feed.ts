import { receiptMilliseconds } from "@fio/contracts/receipts";
import { useSyncExternalStore } from "react";
import type { Change, PresenceFrame } from "@fio/contracts";
import type { FeedState } from "../stream/connection.ts";
import { openFeed, type Feed } from "../stream/feed.ts";
import { gathered } from "../stream/gathered.ts";
import type { Store } from "./store.ts";

/** The state of the connection for display. `delay`: from the last message's acceptance until it arrived here. */
export type Sync = FeedState & { changedAt: number | null; delay: number | null };

const UNKNOWN: Sync = {
  kind: "connecting",
  attempt: 0,
  retryAt: null,
  heardAt: null,
  since: null,
  recovered: null,
  changedAt: null,
  delay: null,
};

let sync = UNKNOWN;
let feed: Feed | undefined;
const listeners = new Set<() => void>();
const resets = new Set<() => void>();
export type RefusalsChange = Pick<Extract<Change, { event: "refusals" }>, "what" | "reported_in">;
const skips = new Set<() => void>();
const refusals = new Set<(change: RefusalsChange) => void>();
const failedLists = new Set<() => void>();
const erasures = new Set<(conversation: string, forGood: boolean) => void>();
type RejectionChange = Extract<Change, { event: "rejection" }>;
const rejections = new Set<(change: RejectionChange) => void>();
const presences = new Set<(frame: PresenceFrame) => void>();
const tellOfRefusals = (change: RefusalsChange): void => {
  for (const listener of refusals) listener(change);
};

const set = (fields: Partial<Sync>): void => {
  sync = { ...sync, ...fields };
  for (const listener of listeners) listener();
};

/** The tab's feed, into its store; opened on first use. */
export function browserFeed(store: Store): Feed {
  if (feed !== undefined) return feed;
  // A render costs the same for one change as for many: at a hundred a second one each would never catch up.
  // Not an animation frame: a hidden tab has none, and its title still counts.
  const notify = gathered(
    () => store.notify(),
    (run) => setTimeout(run, 16),
  );
  feed = openFeed({
    onChanges: (changes) => {
      store.apply(changes);
      notify();
      for (const change of changes) {
        if (change.event === "refusals") tellOfRefusals(change);
        if (change.event === "deliveries") for (const listener of failedLists) listener();
        if (change.event === "rejection") for (const listener of rejections) listener(change);
        if (change.event === "presence") for (const listener of presences) listener(change);
        if (change.event === "erased" || change.event === "unseen") {
          for (const listener of erasures) listener(change.conversation_id, change.event === "erased");
          tellOfRefusals({ what: "other", reported_in: 0 });
        }
      }
      const message = changes.findLast((change) => change.event === "message");
      const delay = message === undefined ? null : Date.now() - receiptMilliseconds(message.message.receipt);
      // If it is longer, the change came after a cut, or the clocks differ.
      const plausible = delay !== null && delay >= 0 && delay < 60_000;
      set({ changedAt: Date.now(), ...(plausible ? { delay } : {}) });
    },
    onReset: () => {
      store.reset();
      for (const listener of resets) listener();
      tellOfRefusals({ what: "other", reported_in: 0 });
    },
    onSkipped: () => {
      for (const listener of skips) listener();
    },
    onState: set,
  });
  return feed;
}

/** Calls when snapshots are to be loaded anew. */
export function onReset(listener: () => void): () => void {
  resets.add(listener);
  return () => void resets.delete(listener);
}

/** Calls when changes of rows were left out. */
export function onSkipped(listener: () => void): () => void {
  skips.add(listener);
  return () => void skips.delete(listener);
}

/** Calls with each event that an open conversation refuses, or refuses no longer. */
export function onRejection(listener: (change: RejectionChange) => void): () => void {
  rejections.add(listener);
  return () => void rejections.delete(listener);
}

/** Calls with each conversation that is erased for good, or that this agent may not see any more. */
export function onErased(listener: (conversation: string, forGood: boolean) => void): () => void {
  erasures.add(listener);
  return () => void erasures.delete(listener);
}

/** Calls with who is in an open conversation, when that changes. */
export function onPresence(listener: (frame: PresenceFrame) => void): () => void {
  presences.add(listener);
  return () => void presences.delete(listener);
}

/** Calls when what is left out of conversations has changed. */
export function onRefusals(listener: (change: RefusalsChange) => void): () => void {
  refusals.add(listener);
  return () => void refusals.delete(listener);
}

/** Calls when the answers that were given up are others. */
export function onFailedDeliveries(listener: () => void): () => void {
  failedLists.add(listener);
  return () => void failedLists.delete(listener);
}

export const useSync = (): Sync =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => sync,
    () => UNKNOWN,
  );

/** Whether this agent is still signed in is asked for at once. */
export const doubtFeed = (): void => feed?.doubt();

export const wakeFeed = (): void => feed?.wake();
