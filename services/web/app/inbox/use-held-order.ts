import { useCallback, useEffect, useMemo, useReducer, useRef } from "react";
import type { ConversationRow } from "@fio/contracts";
import { useStore } from "../store/context.tsx";
import { heldOrder, heldRows, type HeldRow } from "./held-order.ts";

/** A finger that was lifted: the click comes after that, and must hit what was under it. */
const TAP_MS = 400;

/** What points at the list. */
type Holder = "pointer" | "finger" | "focus";

/**
 * Rows move at once, but never under the pointer, a finger or the focus of the keyboard: the order is held until that
 * leaves, and the line that lets in what waits with it. `held`: what is held back meanwhile; `show` lets it in.
 */
export function useHeldOrder(rows: readonly ConversationRow[]) {
  const store = useStore();
  const holders = useRef(new Set<Holder>());
  const ids = useRef<readonly string[] | null>(null);
  const latest = useRef(rows);
  latest.current = rows;
  const lifted = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [, redraw] = useReducer((count: number) => count + 1, 0);

  const hold = useCallback((by: Holder) => {
    clearTimeout(lifted.current);
    holders.current.add(by);
    ids.current ??= latest.current.map(({ id }) => id);
  }, []);
  const release = useCallback((by: Holder) => {
    holders.current.delete(by);
    if (holders.current.size > 0 || ids.current === null) return;
    ids.current = null;
    redraw();
  }, []);
  const show = useCallback(() => {
    // The line that was pressed goes, and tells of no blur on its way.
    if (document.activeElement?.closest(".rows") == null) holders.current.delete("focus");
    ids.current = holders.current.size === 0 ? null : latest.current.map(({ id }) => id);
    redraw();
  }, []);

  useEffect(() => {
    // Nobody points at what is not on screen. The pointer holds again when it moves.
    const look = (): void => {
      if (document.visibilityState === "hidden") release("pointer");
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      clearTimeout(lifted.current);
    };
  }, [release]);

  const on = useMemo(() => {
    const point = ({ pointerType }: React.PointerEvent): void =>
      hold(pointerType === "touch" ? "finger" : "pointer");
    const lift = ({ pointerType }: React.PointerEvent): void => {
      if (pointerType !== "touch") return;
      clearTimeout(lifted.current);
      lifted.current = setTimeout(() => release("finger"), TAP_MS);
    };
    return {
      onPointerEnter: point,
      onPointerMove: point,
      onPointerDown: point,
      onPointerUp: lift,
      onPointerCancel: lift,
      onPointerLeave: (event: React.PointerEvent) => {
        if (event.pointerType === "touch") lift(event);
        else release("pointer");
      },
      // A row that was clicked has the focus too, long after the pointer has left.
      onFocus: ({ target }: React.FocusEvent) => {
        if (target.matches(":focus-visible")) hold("focus");
      },
      // From a row to the line above it, and back, the list stays as it is.
      onBlur: ({ currentTarget, relatedTarget }: React.FocusEvent) => {
        if (!currentTarget.contains(relatedTarget)) release("focus");
      },
    };
  }, [hold, release]);

  if (ids.current === null) {
    return { rows: rows.map((row): HeldRow => ({ row, gone: false })), held: NOTHING_HELD, show, on };
  }
  const { ids: grown, added, moved } = heldOrder(ids.current, rows);
  ids.current = grown;
  return {
    rows: heldRows(grown, rows, store.row),
    held: { added, moved },
    show,
    on,
  };
}

const NOTHING_HELD = { added: 0, moved: false };
