import type { FailedPage } from "./act-on-failed.ts";

/** The page that is drawn; while a reader is using it, another one waits. */
export type HeldPage = { latest: FailedPage; shown: FailedPage; held: boolean };

export type HeldAction =
  | { kind: "read"; page: FailedPage }
  /** The pointer or the focus is among the rows. */
  | { kind: "held"; on: boolean }
  /** Draws what waits, even while the rows are held. */
  | { kind: "show" };

export const heldAtFirst = (page: FailedPage): HeldPage => ({ latest: page, shown: page, held: false });

export function heldAfter(state: HeldPage, action: HeldAction): HeldPage {
  switch (action.kind) {
    case "read":
      return { ...state, latest: action.page, ...(state.held ? {} : { shown: action.page }) };
    case "held":
      if (action.on === state.held) return state;
      return { ...state, held: action.on, ...(action.on ? {} : { shown: state.latest }) };
    case "show":
      return { ...state, shown: state.latest };
  }
}

/** New ones that wait. */
export function newsIn({ latest, shown }: HeldPage): number {
  const known = new Set(shown.deliveries.map(keyOfFailed));
  return latest.deliveries.filter((failed) => !known.has(keyOfFailed(failed))).length;
}

export const keyOfFailed = ({ message_id, delivery }: FailedPage["deliveries"][number]): string =>
  `${message_id} ${delivery.version}`;
