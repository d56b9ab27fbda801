import { useEffect } from "react";
import { useWaitingCount } from "../store/use-waiting.ts";

/** Counts who waits in the tab's title, whatever page writes it. */
export function useWaitingTitle(): void {
  const count = useWaitingCount() ?? "";
  useEffect(() => {
    const write = (): void => {
      const bare = document.title.replace(/^\(\d+\+?\) /, "");
      const title = count === "" ? bare : `(${count}) ${bare}`;
      if (document.title !== title) document.title = title;
    };
    write();
    const rewritten = new MutationObserver(write);
    rewritten.observe(document.head, { childList: true, characterData: true, subtree: true });
    return () => rewritten.disconnect();
  }, [count]);
}
