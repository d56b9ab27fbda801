import { useEffect, useState } from "react";
import type { Conversation } from "@fio/contracts";
import { dataPath } from "../names/paths.ts";
import { onReset } from "../store/browser-feed.ts";
import { forgetErased } from "../outbox/use-erasures.ts";
import { useIsErased, useStore } from "../store/context.tsx";
import { afterPaint } from "../ui/after-paint.ts";

/** What was found when a conversation was asked for. */
export type Opened =
  | {
      kind: "found";
      conversation: Conversation;
      older: string | null;
      newer: string | null;
      position: string | null;
    }
  /** `status` 404, or 400 for a page that does not exist; 410: erased for good. */
  | { kind: "missing"; status: number }
  | { kind: "unavailable" };

/** What an opening came to. `offline`: the server was not reached at all. */
export type Opening = "loading" | "found" | "missing" | "erased" | "unavailable" | "offline";

/** A server that is away is asked again after this. */
export const RETRY_SECONDS = 5;
const LIMIT_MS = 12_000;
const ERASED = 410;

/**
 * Loads a conversation beside what is known of it, and again after whatever fails: nothing waits for it. `loaded` is
 * what the server put into the page, `begun` that it may not be there yet.
 */
export function useOpening({
  id,
  loaded,
  begun,
}: {
  id: string;
  loaded: Opened | undefined;
  begun: boolean;
}): { opening: Opening; retry: () => void } {
  const store = useStore();
  const isErased = useIsErased(id);
  const [opening, setOpening] = useState<Opening>(loaded?.kind ?? "loading");
  const [round, setRound] = useState(0);
  const retry = (): void => setRound((last) => last + 1);

  useEffect(() => {
    if (isErased) return;
    if (loaded?.kind === "missing" && loaded.status === ERASED) {
      forgetErased(store, [id]);
      return;
    }
    if (round === 0 && loaded?.kind === "found") return;
    if (round === 0 && loaded !== undefined) return wait(retry);
    const stop = new AbortController();
    let cancel = (): void => {};
    // What is known is only brought up to date; a message that the address names is opened by the thread.
    const isKnown = store.thread(id) !== undefined;
    const load = (): void =>
      void ask(`${dataPath.opening(id)}${isKnown ? "" : location.search}`, stop.signal).then((answer) => {
        if (stop.signal.aborted) return;
        if (answer.kind === "missing" && answer.status === ERASED) {
          forgetErased(store, [id]);
          return;
        }
        if (answer.kind === "found") {
          store.seedThread(answer.conversation, answer.older, answer.newer);
          store.opened(id, answer.position);
          store.notify();
        } else cancel = wait(retry);
        setOpening(answer.kind);
      });
    if (isKnown) cancel = afterPaint(load);
    else load();
    return () => {
      stop.abort();
      cancel();
    };
    // `loaded` counts once.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [store, id, round, isErased]);
  useEffect(() => onReset(retry), []);
  // The stream tells of it before it is asked for again.
  const known = store.row(id) !== undefined;
  useEffect(() => {
    // Or it was given to somebody else, and may not be seen any more.
    if (known ? opening === "missing" : opening === "found") retry();
  }, [known, opening]);
  if (isErased) return { opening: "erased", retry };
  return { opening: opening === "missing" && begun ? "loading" : opening, retry };
}

async function ask(path: string, signal: AbortSignal): Promise<Opened | { kind: "offline" }> {
  const answer = await fetch(path, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
  }).catch(() => null);
  if (answer === null) return { kind: "offline" };
  return answer.ok ? ((await answer.json()) as Opened) : { kind: "unavailable" };
}

/** After a while, and as soon as the network is back. */
function wait(run: () => void): () => void {
  const timer = setTimeout(run, RETRY_SECONDS * 1_000);
  addEventListener("online", run);
  return () => {
    clearTimeout(timer);
    removeEventListener("online", run);
  };
}
