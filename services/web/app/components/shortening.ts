import { useEffect, type RefObject } from "react";
import { useStore } from "../live/context.tsx";
import type { Thread } from "../live/thread.ts";
import { loadMessages } from "./older-pages.ts";

/** A conversation that stays open all day and gets this long is loaded anew, from its end, while one is at its end. */
const TOO_LONG = 3_000;

export function useShortening({
  thread,
  scroller,
}: {
  thread: Thread;
  scroller: RefObject<HTMLDivElement | null>;
}): void {
  const store = useStore();
  const { id } = thread;
  const tooLong = thread.messages.length > TOO_LONG;
  useEffect(() => {
    if (!tooLong) return;
    let left = false;
    let loading = false;
    const shorten = async (): Promise<void> => {
      if (loading || scroller.current === null || scroller.current.scrollTop < -1) return;
      loading = true;
      const page = await loadMessages(id, { page: null });
      loading = false;
      if (page === null || left) return;
      store.replaceThread(page.conversation, page.older);
      store.notify();
    };
    // Again and again, not once it is quiet: where messages keep coming it never is.
    const timer = setInterval(() => void shorten(), 1_000);
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, [tooLong, id, scroller, store]);
}
