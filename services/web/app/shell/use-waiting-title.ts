import { useEffect } from "react";
import { useWaitingCount } from "../store/use-waiting.ts";
import { afterPaint } from "../ui/after-paint.ts";

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
    let cancel = (): void => {};
    // Each setting of a title is a call to another process: what is opened comes before it.
    const rewritten = new MutationObserver(() => {
      cancel();
      cancel = afterPaint(write);
    });
    rewritten.observe(document.head, { childList: true, characterData: true, subtree: true });
    return () => {
      cancel();
      rewritten.disconnect();
    };
  }, [count]);
}
