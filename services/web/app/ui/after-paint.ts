import { startTransition, useEffect, useState } from "react";
import { isAlive } from "../device/first-paint.ts";

/** Runs once the frame that is due has been painted; what it returns calls that off. */
export function afterPaint(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    clearTimeout(hidden);
  };
  const go = (): void => {
    stop();
    run();
  };
  const frame = requestAnimationFrame(() => (timer = setTimeout(go)));
  // No frames are drawn for a page in the background.
  const hidden = setTimeout(go, 500);
  return stop;
}

/**
 * False in the first paint of what is mounted while the page is alive, true right after it; true at once for what the
 * server drew. For what can come a frame later than the messages beside it.
 */
export function useAfterPaint(): boolean {
  const [painted, setPainted] = useState(() => !isAlive());
  useEffect(() => {
    if (!painted) return afterPaint(() => startTransition(() => setPainted(true)));
  }, [painted]);
  return painted;
}
