import { useEffect, type RefObject } from "react";
import { useStore } from "../../store/context.tsx";
import type { Thread } from "../../store/thread.ts";
import { firstInView } from "./in-view.ts";

/** So many messages are held at most, and so many stay on either side of the reader when there are more. */
const MOST = 3_000;
const KEPT = 1_000;

/** Drops what is far from the reader of a long thread; scrolling there loads it again. */
export function useTrim({
  thread,
  scroller,
}: {
  thread: Thread;
  scroller: RefObject<HTMLDivElement | null>;
}): void {
  const store = useStore();
  const tooLong = thread.messages.length > MOST;
  const { id, messages, newer } = thread;
  useEffect(() => {
    const element = scroller.current;
    if (!tooLong || element === null) return;
    const atEnd = newer === null && element.scrollTop > -1;
    const seen = atEnd ? null : (firstInView(element)?.message.dataset["message"] ?? null);
    if (!atEnd && seen === null) return;
    store.trim(id, seen, KEPT);
    store.notify();
  }, [tooLong, id, messages, newer, scroller, store]);
}
