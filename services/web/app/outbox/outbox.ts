import type { AgentEvent, ErasedEvent, EventOutcome } from "@fio/contracts";
import { backoffMs, isDone, isOver, postingId, type Posting } from "./entry.ts";
import type { Posted } from "./posted.ts";

/** Where entries outlive a reload. */
export type OutboxMemory = {
  all: () => Promise<Posting[]>;
  put: (entry: Posting) => Promise<void>;
  remove: (id: string) => Promise<void>;
  /** Calls when another tab changed something. */
  onChange: (listener: () => void) => () => void;
};

export type OutboxDeps = {
  memory: OutboxMemory;
  post: (event: AgentEvent) => Promise<Posted>;
  /** The outcome of an event; `null` when it is not known yet. */
  outcome: (event: AgentEvent) => Promise<EventOutcome | ErasedEvent | null>;
  online: () => boolean;
  now: () => number;
  after: (milliseconds: number, run: () => void) => () => void;
  tab: string;
};

const LEASE_MS = 15_000;
const BEAT_MS = 5_000;
/** How often an accepted message that the live stream has not shown is asked for. */
const ASK_MS = [300, 700, 1_500, 3_000, 5_000];

export type Outbox = ReturnType<typeof createOutbox>;

/**
 * Sends what agents do in order, each until its outcome is known. Several tabs share one outbox: the tab that took
 * an event sends it; when that tab is gone another continues, with the same id, so nothing is applied twice.
 */
export function createOutbox({ memory, post, outcome, online, now, after, tab }: OutboxDeps) {
  const entries = new Map<string, Posting>();
  const busy = new Set<string>();
  const timers = new Map<string, () => void>();
  const listeners = new Set<() => void>();
  let snapshot: readonly Posting[] = [];
  let isKnown = false;
  let tellKnown = (): void => undefined;
  const known = new Promise<void>((resolve) => {
    tellKnown = resolve;
  });

  const tell = (): void => {
    snapshot = [...entries.values()].sort((a, b) => (a.event.timestamp < b.event.timestamp ? -1 : 1));
    for (const listener of listeners) listener();
  };
  const change = (id: string, fields: Partial<Posting>): void => {
    const entry = entries.get(id);
    if (entry === undefined) return;
    const next = { ...entry, ...fields, owner: tab, leaseUntil: now() + LEASE_MS };
    if (isDone(next)) {
      forget(id);
      return;
    }
    entries.set(id, next);
    tell();
    void memory.put(next);
  };
  const forget = (id: string): void => {
    timers.get(id)?.();
    timers.delete(id);
    if (!entries.delete(id)) return;
    tell();
    void memory.remove(id);
  };
  /** It was erased for good: nothing of it can be sent any more, and nothing of it stays here. */
  const forgetConversation = (conversation: string): void => {
    for (const entry of snapshot) if (entry.conversation === conversation) forget(entry.id);
  };
  const later = (id: string, milliseconds: number, run: () => void): void => {
    timers.get(id)?.();
    timers.set(
      id,
      after(milliseconds, () => {
        timers.delete(id);
        run();
      }),
    );
  };
  /** What keeps a message of a new conversation back. */
  const creationOf = (id: string): Posting | undefined => {
    const of = entries.get(id)?.conversation;
    return [...entries.values()].find(
      (entry) =>
        entry.conversation === of && entry.event.type === "NEW_CONVERSATION" && entry.state !== "accepted",
    );
  };
  const mine = (entry: Posting): boolean => entry.owner === tab || entry.leaseUntil < now();

  /** The first of each conversation that is not known to be on the queue; those behind it wait, to keep their order. */
  const pump = (): void => {
    const waiting = new Set<string>();
    for (const entry of snapshot) {
      // What could not be begun is not written into.
      if (entry.state === "invalid" && entry.event.type === "NEW_CONVERSATION")
        waiting.add(entry.conversation);
      if (isOver(entry) || entry.state === "accepted") continue;
      if (waiting.has(entry.conversation)) continue;
      waiting.add(entry.conversation);
      const due = entry.nextTryAt === null || entry.nextTryAt <= now();
      if (mine(entry) && due && !busy.has(entry.id)) void send(entry.id);
    }
  };

  const send = async (id: string): Promise<void> => {
    if (!online()) {
      change(id, { state: "queued", nextTryAt: null });
      return;
    }
    const entry = entries.get(id);
    if (entry === undefined) return;
    busy.add(id);
    // Sent before the page shows that it is being sent.
    const posting = post(entry.event).catch((): Posted => ({ kind: "unsent" }));
    change(id, { state: "sending", nextTryAt: null });
    const posted = await posting;
    busy.delete(id);
    settle(id, entry, posted);
    pump();
  };

  const settle = (id: string, entry: Posting, posted: Posted): void => {
    switch (posted.kind) {
      case "unsent": {
        const tries = entry.tries + 1;
        if (!online()) {
          change(id, { state: "queued", tries, nextTryAt: null });
          return;
        }
        change(id, { state: "unsent", tries, nextTryAt: now() + backoffMs(tries) });
        later(id, backoffMs(tries), pump);
        return;
      }
      case "accepted":
        change(id, { state: "accepted", receipt: posted.receipt });
        ask(id, 0);
        return;
      case "applied":
        change(id, { state: "applied", receipt: posted.receipt });
        return;
      case "refused":
        if (posted.code === "CONVERSATION_ERASED") {
          forgetConversation(entry.conversation);
          return;
        }
        change(id, { state: "refused", receipt: posted.receipt, code: posted.code });
        return;
      case "invalid":
        change(id, { state: "invalid", code: posted.code });
        return;
    }
  };

  const ask = (id: string, round: number): void =>
    later(id, ASK_MS[Math.min(round, ASK_MS.length - 1)] ?? 5_000, () => {
      const entry = entries.get(id);
      if (entry?.state !== "accepted") return;
      void outcome(entry.event)
        .catch(() => null)
        .then((known) => {
          if (known?.outcome === "applied") change(id, { state: "applied" });
          else if (known?.outcome === "erased") forgetConversation(entry.conversation);
          else if (known?.outcome === "rejected")
            change(id, { state: "refused", code: known.reason ?? "INTERNAL_ERROR" });
          else ask(id, round + 1);
        });
    });

  const reload = async (): Promise<void> => {
    const kept = await memory.all();
    const ids = new Set(kept.map(({ id }) => id));
    for (const entry of kept) {
      const own = entries.get(entry.id);
      // This tab's state of an entry is newer than what it stored.
      if (own === undefined || own.owner !== tab) entries.set(entry.id, entry);
    }
    for (const [id, entry] of entries) if (!ids.has(id) && entry.owner !== tab) entries.delete(id);
    tell();
  };

  const beat = (): void => {
    for (const entry of snapshot) {
      if (isOver(entry)) continue;
      if (entry.owner === tab) change(entry.id, {});
      else if (entry.leaseUntil < now() && entry.state === "accepted") {
        change(entry.id, {});
        ask(entry.id, 0);
      }
    }
    pump();
    after(BEAT_MS, beat);
  };

  return {
    start: async (): Promise<void> => {
      memory.onChange(() => void reload());
      await reload().finally(() => {
        isKnown = true;
        tellKnown();
      });
      beat();
    },
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    entries: (): readonly Posting[] => snapshot,
    /** Whether what this device kept from before is among the entries; `known` waits for that. */
    isKnown: (): boolean => isKnown,
    known,
    forgetConversation,
    /** The same twice is once. */
    add: (event: AgentEvent): void => {
      if (entries.has(postingId(event))) return;
      const entry: Posting = {
        id: postingId(event),
        conversation: event.type === "NEW_MESSAGE" ? event.data.conversation_id : event.data.id,
        event,
        state: "queued",
        receipt: null,
        code: null,
        tries: 0,
        nextTryAt: null,
        owner: tab,
        leaseUntil: now() + LEASE_MS,
      };
      entries.set(entry.id, entry);
      tell();
      // Stored on this device first: if the tab closes now, the message is still sent.
      void memory.put(entry).then(pump, pump);
    },
    /** Tries what is due, and what waited for a connection. */
    wake: (): void => {
      for (const entry of snapshot) {
        if (entry.state === "unsent" || entry.state === "queued") change(entry.id, { nextTryAt: null });
      }
      pump();
    },
    /** With the creation of its conversation, where that is what failed. */
    retry: (id: string): void => {
      const creation = creationOf(id);
      for (const each of creation === undefined ? [id] : [creation.id, id]) {
        change(each, { state: "queued", nextTryAt: null, code: null });
      }
      pump();
    },
    /** It is in the conversation, or the agent discarded it. A conversation of which nothing is left is not begun. */
    remove: (id: string): void => {
      const creation = creationOf(id);
      forget(id);
      const left = [...entries.values()].some(
        (entry) => entry.conversation === creation?.conversation && entry !== creation,
      );
      if (creation !== undefined && !left && !busy.has(creation.id)) forget(creation.id);
      pump();
    },
  };
}
