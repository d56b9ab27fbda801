import { useEffect, type RefObject } from "react";
import { useStore } from "../../store/context.tsx";
import type { Thread } from "../../store/thread.ts";
import { loadMessages } from "./load-messages.ts";

/**
 * A conversation that stays open all day and gets this long is reloaded from its end, while the reader is at its end.
 */
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
    // Repeatedly, not only when it is quiet: in a busy conversation it never is.
    const timer = setInterval(() => void shorten(), 1_000);
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, [tooLong, id, scroller, store]);
}
