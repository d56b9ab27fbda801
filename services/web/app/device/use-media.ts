import { useSyncExternalStore } from "react";

/** False on the server, which cannot know. */
function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
    () => false,
  );
}

export const useIsPhone = (): boolean => useMedia("(max-width: 47.99em)");
/** Wide enough for details beside the thread. */
export const useIsWide = (): boolean => useMedia("(min-width: 80em)");

/** A keyboard on the screen: its Enter is the only way to break a line. */
export const breaksLines = (): boolean => matchMedia("(hover: none) and (pointer: coarse)").matches;
