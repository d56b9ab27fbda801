import { useEffect } from "react";
import { setting } from "../device/settings.ts";
import { focusReply } from "../conversation/composer/reply-focus.ts";
import { command } from "../keys/commands.ts";
import { OVER, watchFocus } from "../keys/focus-before.ts";
import { watchHeldDown } from "../keys/held-down.ts";
import { commandOf } from "../keys/keymap.ts";
import { isMeant, meaningsOf, strokeOf } from "../keys/strokes.ts";

/** The second key of two is awaited so long. */
const CHORD_MS = 1_200;

function isField(target: EventTarget | null): target is HTMLElement {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** A dialog, or a menu, takes all keys but the one that opens and closes the palette. */
const isCovered = (): boolean => document.querySelector(OVER) !== null;

/** Arrows scroll what has the focus and scrolls. */
const scrolls = ({ key }: KeyboardEvent): boolean =>
  key.startsWith("Arrow") &&
  document.activeElement?.closest(".scroll, .details-body, .table-wrap, pre") != null;

/** The keyboard of the whole app, by the keymap. Single keys can be switched off, and never work in a field. */
export function useKeys(): void {
  useEffect(() => {
    let before: { stroke: string; at: number } | null = null;
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const field = isField(event.target);
      const stroke = strokeOf(event);
      const first = before !== null && event.timeStamp - before.at < CHORD_MS ? before.stroke : null;
      before = null;
      const { commands, begins } = meaningsOf(stroke, field ? null : first);
      const covered = isCovered();
      const done = commands.some((id) => {
        const its = commandOf(id);
        if (covered ? id !== "palette" : !isMeant(its, { field })) return false;
        if (its.where === "page" && ((!setting("keys") && stroke !== "Escape") || scrolls(event)))
          return false;
        // A key that is held down, or struck by a cat, does things once.
        if (event.repeat && its.repeats !== true) return true;
        // It may be meant for a conversation that is about to open, of which nothing is on the page yet.
        return id === "reply" ? focusReply() : command(id);
      });
      if (done) event.preventDefault();
      else if (begins && !field && !covered && setting("keys")) before = { stroke, at: event.timeStamp };
      else if (field && !covered && stroke === "Escape") event.target.blur();
    };
    const ends = [watchHeldDown(), watchFocus()];
    addEventListener("keydown", press);
    return () => {
      for (const end of ends) end();
      removeEventListener("keydown", press);
    };
  }, []);
}
