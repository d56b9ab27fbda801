import { setSetting } from "./settings.ts";

/** Notices of the system need https, or this very machine, and an agent who has not forbidden them. */
export const canNotify = (): boolean =>
  typeof Notification !== "undefined" && isSecureContext && Notification.permission !== "denied";

/** Asks the browser first. False when it does not let. */
export async function switchNotify(on: boolean): Promise<boolean> {
  const allowed = on && canNotify() && (await Notification.requestPermission()) === "granted";
  setSetting("notify", allowed);
  return !on || allowed;
}
