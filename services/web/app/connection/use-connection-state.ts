import { useSync, type Sync } from "../store/browser-feed.ts";
import { useOnline } from "../device/use-online.ts";

/** The state of the connection as it is shown; a browser that is offline need not wait for the stream to notice. */
export type Shown = "live" | "connecting" | "waiting" | "out" | "offline";

export function useShown(): { sync: Sync; shown: Shown } {
  const sync = useSync();
  const online = useOnline();
  return { sync, shown: online ? sync.kind : "offline" };
}
