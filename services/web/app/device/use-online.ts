import { useSyncExternalStore } from "react";

/** What the browser says of the network; true on the server. */
export const useOnline = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      addEventListener("online", listener);
      addEventListener("offline", listener);
      return () => {
        removeEventListener("online", listener);
        removeEventListener("offline", listener);
      };
    },
    () => navigator.onLine,
    () => true,
  );
