import type { Rejection } from "@fio/contracts";
import type { RejectionPage } from "./rejection-page.ts";

/** `left`: no longer refused, or not for a reason listed here; still shown because a reader is using the row. */
export type ShownRejection = { rejection: Rejection; left: boolean };

export type ShownRejections = {
  /** As it was last read. */
  page: RejectionPage;
  rows: readonly ShownRejection[];
  /** Receipts of what is expanded. */
  open: ReadonlySet<string>;
  /** The pointer or the focus is among the rows. */
  held: boolean;
};

export type RejectionsAction =
  | { kind: "read"; page: RejectionPage }
  | { kind: "held"; on: boolean }
  /** Expands or folds one. */
  | { kind: "toggle"; receipt: string }
  /** Shows the waiting rows, even while the rows are held. */
  | { kind: "show" };

export const shownAtFirst = (page: RejectionPage): ShownRejections =>
  arranged({ page, rows: [], open: new Set(), held: false });

/** New rows that wait, since they would move rows in use. */
export function waitingCount({ page, rows }: ShownRejections): number {
  const shown = new Set(rows.map(({ rejection }) => rejection.receipt));
  return page.rejections.filter(({ receipt }) => !shown.has(receipt)).length;
}

export function shownAfter(state: ShownRejections, action: RejectionsAction): ShownRejections {
  switch (action.kind) {
    case "read":
      return arranged({ ...state, page: action.page });
    case "held":
      return action.on === state.held ? state : arranged({ ...state, held: action.on });
    case "toggle": {
      const open = new Set(state.open);
      if (!open.delete(action.receipt)) open.add(action.receipt);
      return arranged({ ...state, open });
    }
    case "show":
      return { ...arranged({ ...state, held: false }), held: state.held };
  }
}

/**
 * The page's rows, newest receipt first; while they are held none is removed, and new ones only appear below the last.
 */
function arranged(state: ShownRejections): ShownRejections {
  const { page, rows, open, held } = state;
  const current = new Map(page.rejections.map((rejection) => [rejection.receipt, rejection]));
  // Rows below the page's last one are on the next page by now.
  const end = page.next === null ? null : (page.rejections.at(-1)?.receipt ?? null);
  const kept = rows
    .filter(({ rejection: { receipt } }) => current.has(receipt) || held || open.has(receipt))
    .map(({ rejection }): ShownRejection => {
      const now = current.get(rejection.receipt);
      return {
        rejection: now ?? rejection,
        left: now === undefined && (end === null || rejection.receipt > end),
      };
    });
  const known = new Set(kept.map(({ rejection }) => rejection.receipt));
  const lowest = held ? kept.at(-1)?.rejection.receipt : undefined;
  const added = page.rejections
    .filter(({ receipt }) => !known.has(receipt) && (lowest === undefined || receipt < lowest))
    .map((rejection): ShownRejection => ({ rejection, left: false }));
  return {
    ...state,
    rows: [...kept, ...added].sort((a, b) => (a.rejection.receipt > b.rejection.receipt ? -1 : 1)),
  };
}
