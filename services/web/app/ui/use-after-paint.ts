import { startTransition, useEffect, useState } from "react";
import { isAlive } from "../device/first-paint.ts";
import { afterPaint } from "./after-paint.ts";

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
