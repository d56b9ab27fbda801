import { useLayoutEffect, useRef } from "react";
import { holdKeys } from "./held-keys.ts";

/** Stands where something is being loaded that was opened by key: it is given the keys that are pressed meanwhile. */
export function KeysHeld({
  letters,
  isReady,
  close,
}: {
  /** `field`: a field that is there already takes what is typed, up to the first key that chooses or moves. */
  letters: "field" | "held";
  /** It takes keys. */
  isReady: () => boolean;
  close: () => void;
}) {
  const latest = useRef({ isReady, close });
  latest.current = { isReady, close };
  useLayoutEffect(
    () =>
      holdKeys({
        letters,
        isReady: () => latest.current.isReady(),
        callOff: () => latest.current.close(),
      }),
    [letters],
  );
  return null;
}
