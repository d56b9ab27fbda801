import type { ToldFrame } from "@fio/contracts";
import { ACCOUNT } from "../device/account.ts";
import { randomId } from "../names/id.ts";
import type { FeedState } from "./connection.ts";
import type { FromTab, ToTab } from "./hub.ts";

/** This tab's end of the browser's one live stream. */
export type Feed = {
  follow: (conversation: string | null, after: string | null) => void;
  wake: () => void;
  /** Connects anew, also where all seems well. */
  doubt: () => void;
};
export type FeedListeners = {
  onChanges: (changes: ToldFrame[]) => void;
  onReset: () => void;
  onSkipped: () => void;
  onState: (state: FeedState) => void;
};

/** Timers of a hidden tab run once a minute at best, so a tab reports that it is alive this often. */
const ALIVE_MS = 60_000;

/** Joins the stream; in the browser only. */
export function openFeed(listeners: FeedListeners): Feed {
  let last: FromTab = { kind: "follow", conversation: null, after: null };
  const receive = (message: ToTab): void => {
    switch (message.kind) {
      case "changes": {
        listeners.onChanges(message.changes);
        return;
      }
      case "state": {
        listeners.onState(message.state);
        return;
      }
      case "reset": {
        listeners.onReset();
        return;
      }
      case "skipped": {
        listeners.onSkipped();
        return;
      }
    }
  };
  const send = connect(receive, () => send(last));
  const wake = (): void => send({ kind: "wake" });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wake();
  });
  addEventListener("online", wake);
  addEventListener("focus", wake);
  // Restored from the back/forward cache: everything sent meanwhile is lost.
  addEventListener("pageshow", (event) => {
    if (event.persisted) send(last);
  });
  setInterval(() => send({ kind: "alive" }), ALIVE_MS);
  return {
    follow: (conversation, after) => {
      last = { kind: "follow", conversation, after };
      send(last);
    },
    wake,
    doubt: () => send({ kind: "doubt" }),
  };
}

/** Through a shared worker where there is one, else through the tab that leads. */
function connect(receive: (message: ToTab) => void, again: () => void): (message: FromTab) => void {
  if (typeof SharedWorker !== "undefined") {
    try {
      const { port } = new SharedWorker(new URL("./feed.worker.ts", import.meta.url), {
        type: "module",
        // What one agent hears no other does.
        name: ACCOUNT,
      });
      port.onmessage = ({ data }: MessageEvent<ToTab>) => receive(data);
      addEventListener("pagehide", (event) => {
        if (!event.persisted) port.postMessage({ kind: "bye" } satisfies FromTab);
      });
      return (message) => port.postMessage(message);
    } catch {
      // Forbidden, as in some private windows: the tabs elect a leader instead.
    }
  }
  const waiting: FromTab[] = [];
  let send = (message: FromTab): void => void waiting.push(message);
  void import("./take-part-in-lead.ts").then(({ takePartInLead }) => {
    send = takePartInLead({ tab: randomId(), receive, again });
    for (const message of waiting) send(message);
  });
  return (message) => send(message);
}
