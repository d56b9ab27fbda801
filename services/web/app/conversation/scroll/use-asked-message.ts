import { useEffect, useRef } from "react";
import { useSearchParams } from "@remix-run/react";
import { useStore } from "../../store/context.tsx";
import type { Thread } from "../../store/thread.ts";
import { loadMessages } from "./load-messages.ts";

/** Pages of this size are loaded upwards until the message is among them. */
const PAGE = 1_000;
const MOST_PAGES = 30;

/** A link to a message (`?message=`) scrolls to it, loading as far up as that takes. */
export function useAskedMessage({
  thread,
  reveal,
}: {
  thread: Thread;
  reveal: (id: string) => boolean;
}): void {
  const store = useStore();
  const [search] = useSearchParams();
  const asked = search.get("message");
  const pages = useRef({ of: asked, count: 0 });
  const loaded = asked !== null && thread.messages.some(({ id }) => id === asked);
  const { id, older } = thread;

  useEffect(() => {
    if (asked !== null && loaded) reveal(asked);
  }, [asked, loaded, reveal]);
  useEffect(() => {
    if (pages.current.of !== asked) pages.current = { of: asked, count: 0 };
    if (asked === null || loaded || older === null || pages.current.count >= MOST_PAGES) return;
    pages.current.count += 1;
    let left = false;
    void loadMessages(id, { page: older, limit: PAGE }).then((page) => {
      if (page === null || left) return;
      store.addOlder(page.conversation, page.older);
      store.notify();
    });
    return () => {
      left = true;
    };
  }, [asked, loaded, id, older, store]);
}
