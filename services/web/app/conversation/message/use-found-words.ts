import { useEffect, type RefObject } from "react";
import { useLocation } from "@remix-run/react";
import { askedMessage } from "../scroll/use-asked-place.ts";

/** Marks what a search looked for in the thread that one of its hits opened: `?q=` beside the message. */
export function useFoundWords(scroller: RefObject<HTMLDivElement | null>): {
  /** The message that was found, which is shown unfolded. */
  found: string | null;
} {
  const { search } = useLocation();
  const query = new URLSearchParams(search).get("q") ?? "";
  const message = query === "" ? null : askedMessage(search);
  useEffect(() => {
    if (query === "") return;
    let end = (): void => {};
    let wanted = true;
    void import("./found-words.ts").then(
      ({ markFound }) => {
        if (wanted && scroller.current !== null) end = markFound(scroller.current, query, message);
      },
      // Without the marks the message is shown all the same.
      () => {},
    );
    return () => {
      wanted = false;
      end();
    };
  }, [query, message, scroller]);
  return { found: message };
}
