import { useRef, type MouseEvent, type ReactNode } from "react";
import { whyNot, type WhyNot } from "./why-not.ts";

/** Saves a file, once it is known to be there: else the browser would show a page of its own, or save an empty one. */
export function MediaFile({
  source,
  failed,
  className,
  children,
}: {
  source: string;
  failed: (why: WhyNot) => void;
  className?: string;
  children: ReactNode;
}) {
  const isThere = useRef(false);
  const ask = (event: MouseEvent<HTMLAnchorElement>): void => {
    const link = event.currentTarget;
    if (isThere.current) {
      isThere.current = false;
      return;
    }
    event.preventDefault();
    void whyNot(source).then((why) => {
      // Saved, it need not be shown.
      isThere.current = why === "format";
      if (isThere.current) link.click();
      else failed(why);
    });
  };
  return (
    <a
      className={className}
      href={`${source}${source.includes("?") ? "&" : "?"}download`}
      download=""
      rel="noopener noreferrer"
      onClick={ask}
    >
      {children}
    </a>
  );
}
