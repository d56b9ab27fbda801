import type { ToldFrame } from "@fio/contracts";
import type { Connection, ConnectionDeps, FeedState } from "./connection.ts";

/** What a tab tells the one that holds the stream. */
export type FromTab =
  | { kind: "follow"; conversation: string | null; after: string | null }
  | { kind: "wake" }
  | { kind: "doubt" }
  | { kind: "alive" }
  | { kind: "bye" };
/** What it is told. */
export type ToTab =
  | { kind: "changes"; changes: ToldFrame[] }
  | { kind: "state"; state: FeedState }
  | { kind: "reset" }
  | { kind: "skipped" };

/** As many as the API takes. */
const MOST_FOLLOWED = 20;
/** A tab that disappeared without notice is forgotten after this. */
const TAB_LIMIT_MS = 5 * 60_000;

export type Hub = {
  /** `send` throws or does nothing when the tab is gone. */
  join: (send: (message: ToTab) => void) => { receive: (message: FromTab) => void };
  close: () => void;
};

type Tab = {
  send: (message: ToTab) => void;
  open: string | null;
  known: Set<string>;
  joined: boolean;
  heardAt: number;
};

/**
 * Holds the one stream of a browser for all its tabs. It follows the conversations open in any of them and, within the
 * limit, those open recently: going back to one of those opens no new stream.
 */
export function createHub({
  connect,
  now,
}: {
  connect: (deps: Pick<ConnectionDeps, "onChanges" | "onReset" | "onSkipped" | "onState">) => Connection;
  now: () => number;
}): Hub {
  const tabs = new Set<Tab>();
  /** Last used last. */
  const recent = new Set<string>();
  let state: FeedState | null = null;
  let followed = new Set<string>();

  const broadcast = (message: ToTab): void => {
    for (const tab of tabs) {
      if (now() - tab.heardAt > TAB_LIMIT_MS) tabs.delete(tab);
      else tab.send(message);
    }
  };
  const connection = connect({
    onChanges: (changes) => broadcast({ kind: "changes", changes }),
    onReset: () => {
      for (const tab of tabs) tab.known.clear();
      broadcast({ kind: "reset" });
    },
    onSkipped: () => broadcast({ kind: "skipped" }),
    onState: (next) => {
      state = next;
      broadcast({ kind: "state", state: next });
    },
  });

  const wanted = (): Set<string> => {
    const open = new Set([...tabs].flatMap((tab) => tab.open ?? []));
    const others = [...recent].filter((id) => !open.has(id)).reverse();
    return new Set([...open, ...others].slice(0, MOST_FOLLOWED));
  };
  const follow = (tab: Tab, conversation: string | null, after: string | null): void => {
    tab.open = conversation;
    if (conversation !== null) {
      recent.delete(conversation);
      recent.add(conversation);
    }
    const next = wanted();
    for (const id of recent) if (!next.has(id)) recent.delete(id);
    const complete = conversation === null || (tab.known.has(conversation) && followed.has(conversation));
    const first = !tab.joined;
    tab.joined = true;
    const behind = (first || !complete) && after !== connection.position();
    const added = [...next].some((id) => !followed.has(id));
    for (const other of tabs) {
      for (const id of other.known) if (!next.has(id)) other.known.delete(id);
    }
    if (conversation !== null) tab.known.add(conversation);
    followed = next;
    if (added || behind || connection.position() === null) connection.follow([...next], after);
  };

  return {
    join: (send) => {
      const tab: Tab = { send, open: null, known: new Set(), joined: false, heardAt: now() };
      tabs.add(tab);
      if (state !== null) send({ kind: "state", state });
      return {
        receive: (message) => {
          tab.heardAt = now();
          tabs.add(tab);
          switch (message.kind) {
            case "follow":
              follow(tab, message.conversation, message.after);
              return;
            case "wake":
              connection.wake();
              return;
            case "doubt":
              connection.wake({ trusted: false });
              return;
            case "alive":
              return;
            case "bye":
              tabs.delete(tab);
              return;
          }
        },
      };
    },
    close: () => connection.close(),
  };
}
