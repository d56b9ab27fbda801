import type { Direction } from "@fio/contracts";
import type { T, TextName } from "../i18n/i18n.ts";
import type { Times } from "../time/times.ts";
import { instantOf } from "../time/times.ts";

export type Written = { direction: Direction; content: string; place: string; mark?: TextName | null };

/** Messages as text for elsewhere, one after the other: when, who, what. A mark says that one is not in the conversation. */
export const asText = (messages: readonly Written[], { t, times }: { t: T; times: Times }): string =>
  messages
    .map(({ direction, content, place, mark = null }) => {
      const who = t(direction === "SENT" ? "copy.us" : "copy.customer");
      return `[${times.full(instantOf(place))}] ${who}${mark === null ? "" : ` (${t(mark)})`}: ${content}`;
    })
    .join("\n");

/** Ids of the messages that a selection reaches into, in the thread's order. */
export function selectedIds(selection: Selection, thread: HTMLElement): string[] {
  return [...thread.querySelectorAll<HTMLElement>("[data-message]")]
    .filter((element) => selection.containsNode(element.querySelector(".body") ?? element, true))
    .map((element) => element.dataset["message"] ?? "");
}
