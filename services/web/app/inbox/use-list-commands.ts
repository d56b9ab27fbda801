import { useNavigate } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { useCommand } from "../keys/commands.ts";
import { conversationPath } from "../names/paths.ts";
import type { Filter } from "../store/list.ts";
import type { HeldRow } from "./held-order.ts";

/** What keys do in the list: it knows its order, whether its rows are drawn or not. */
export function useListCommands({
  rows,
  selected,
  filter,
  toRow,
}: {
  rows: readonly HeldRow[];
  /** The conversation that is open or about to open. */
  selected: string | undefined;
  filter: Filter;
  /** Brings a row into view. */
  toRow: (index: number) => void;
}): void {
  const navigate = useNavigate();
  /** Keys that come faster than the page goes on from where the last one went. */
  const at = useRef(selected);
  useEffect(() => {
    at.current = selected;
  }, [selected]);
  const go = (index: number): void => {
    const id = rows[index]?.row.id;
    if (id === undefined) return;
    at.current = id;
    toRow(index);
    navigate(conversationPath(id, { filter }), { flushSync: true });
  };
  const step = (by: 1 | -1): void => {
    const index = rows.findIndex(({ row }) => row.id === at.current);
    go(index < 0 ? (by > 0 ? 0 : rows.length - 1) : index + by);
  };
  useCommand("next", () => step(1));
  useCommand("previous", () => step(-1));
}
