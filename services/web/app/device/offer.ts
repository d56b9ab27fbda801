import { kept, useKept } from "./kept.ts";
import { setting } from "./settings.ts";

/**
 * Sound and notices are offered once, when a customer has written while the agent looked elsewhere: `made` until it is
 * taken or turned down, and never again.
 */
type State = "made" | "over" | null;

const offer = kept<State>({
  key: "fio.offer",
  read: (text) => (text === "made" || text === "over" ? text : null),
  write: (state) => state,
});

/** Makes the offer, unless it was made before or there is nothing left to offer. */
export function offerOnce(): void {
  if (offer.get() === null) offer.set(setting("sound") || setting("notify") ? "over" : "made");
}

export const endOffer = (): void => void offer.set("over");

/** Whether there is an offer to show. */
export const useOffer = (): boolean => useKept(offer, null) === "made";
