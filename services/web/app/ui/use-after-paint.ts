import { startTransition, useEffect, useState } from "react";
import { isAlive } from "../device/first-paint.ts";

/**
 * False in the first paint of what is mounted while the page is alive, true right after it; true at once for what the
 * server drew. For what can come a frame later than the messages beside it.
 */
export function useAfterPaint(): boolean {
  const [painted, setPainted] = useState(() => !isAlive());
  useEffect(() => {
    if (painted) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setPainted(true)));
    });
    // No frames are drawn for a page in the background.
    const hidden = setTimeout(() => setPainted(true), 500);
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      clearTimeout(hidden);
    };
  }, [painted]);
  return painted;
}
