import { onErased, onFailedDeliveries, onReset } from "../../store/browser-feed.ts";

/** Calls back when the answers that were given up may be others: they can be read at once. */
export function onFailedChanged(changed: (inMs: number) => void): () => void {
  const now = (): void => changed(0);
  const stops = [onFailedDeliveries(now), onReset(now), onErased(now)];
  return () => {
    for (const stop of stops) stop();
  };
}
