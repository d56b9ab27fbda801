import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from "react";
import { placeOf } from "@fio/contracts/place";
import { useTranslation } from "../../i18n/context.tsx";
import { useStore } from "../../store/context.tsx";
import type { Thread } from "../../store/thread.ts";
import { toast } from "../../ui/toast.ts";
import { loadMessages, type MessagePage, type PagePlace } from "./load-messages.ts";
import type { Reveal } from "./use-reveal.ts";

/** What to scroll to as soon as the thread holds it: its live end, or a message. */
type Goal = { end: true } | { message: string; top?: number };

export type Travel = {
  toEnd: () => void;
  /** `top`: as `reveal`'s; then nothing is said when it is no longer there. */
  toMessage: (id: string, options?: { top: number }) => void;
  /** To the first message at this time or later. */
  toTime: (timestamp: string) => void;
};

/** A page may be older than what was heard while it was on its way. */
const TRIES = 4;

/** Brings one anywhere in the conversation, loaded or not; where one goes last wins. */
export function useTravel({
  thread,
  scroller,
  reveal,
  remark,
}: {
  thread: Thread;
  scroller: RefObject<HTMLDivElement | null>;
  reveal: Reveal;
  remark: () => void;
}): Travel {
  const store = useStore();
  const { t } = useTranslation();
  const { id } = thread;
  const latest = useRef(thread);
  latest.current = thread;
  const goal = useRef<Goal | null>(null);
  const journey = useRef(0);

  const arrive = useCallback((): boolean => {
    const wanted = goal.current;
    if (wanted === null || scroller.current === null) return true;
    if ("end" in wanted) {
      if (latest.current.newer !== null) return false;
      scroller.current.scrollTop = 0;
      remark();
    } else if (!reveal(wanted.message, wanted.top === undefined ? undefined : { top: wanted.top })) {
      return false;
    }
    goal.current = null;
    return true;
  }, [scroller, reveal, remark]);
  // Before the browser paints the page that was loaded.
  useLayoutEffectInBrowser(() => void arrive(), [thread, arrive]);
  useEffect(() => () => void (journey.current += 1), []);

  const go = useCallback(
    async (place: PagePlace, goalOf: (page: MessagePage) => Goal | null, quiet = false): Promise<void> => {
      const own = (journey.current += 1);
      for (let tries = 0; tries < TRIES; tries += 1) {
        const read = await loadMessages(id, place);
        if (own !== journey.current) return;
        if (read.kind !== "read") {
          const words = read.kind === "missing" ? "thread.go.missing" : "thread.go.failed";
          if (!quiet) toast(t(words), { kind: "bad" });
          return;
        }
        goal.current = goalOf(read.page);
        if (!store.openAt(read.page.conversation, read.page)) continue;
        store.notify();
        return;
      }
    },
    [id, store, t],
  );

  const toEnd = useCallback((): void => {
    journey.current += 1;
    goal.current = { end: true };
    if (!arrive()) void go({ latest: true }, () => ({ end: true }));
  }, [arrive, go]);
  const toMessage = useCallback<Travel["toMessage"]>(
    (message, options) => {
      journey.current += 1;
      goal.current = { message, ...options };
      if (!arrive()) void go({ around: message }, () => ({ message, ...options }), options !== undefined);
    },
    [arrive, go],
  );
  const toTime = useCallback(
    (timestamp: string): void =>
      void go({ at: timestamp }, ({ conversation: { messages } }) => {
        const found = messages.find((message) => placeOf(message) >= timestamp) ?? messages.at(-1);
        return found === undefined ? null : { message: found.id };
      }),
    [go],
  );
  useEffect(() => {
    inThread = { toEnd, toMessage, toTime };
    return () => {
      inThread = null;
    };
  }, [toEnd, toMessage, toTime]);
  return { toEnd, toMessage, toTime };
}

let inThread: Travel | null = null;

/** Goes to a message of the open conversation, wherever in it. */
export const revealMessage = (id: string): void => inThread?.toMessage(id);
/** Goes to the first message of the open conversation at this time or later. */
export const goToTime = (timestamp: string): void => inThread?.toTime(timestamp);

const useLayoutEffectInBrowser = typeof window === "undefined" ? useEffect : useLayoutEffect;
