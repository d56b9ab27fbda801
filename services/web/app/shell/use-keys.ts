import { useEffect, useRef } from "react";
import { useNavigate } from "@remix-run/react";
import { FILTERS } from "../store/list.ts";
import { setting } from "../device/settings.ts";
import { command } from "../keys/commands.ts";
import { useDetails } from "../conversation/details-context.tsx";
import { useLayers } from "./layers-context.tsx";
import { unwantReplyFocus, wantFocus } from "../conversation/composer/wanted-focus.ts";

const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** What opens commands, as this machine's keys are called. */
export const modifier = (): string => (isMac() ? "⌘" : "Ctrl");

const CHORD_MS = 1_200;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** The keyboard of the whole app. Single keys can be switched off, and never work while typing. */
export function useKeys(): void {
  const navigate = useNavigate();
  const layers = useLayers();
  const details = useDetails();
  const current = useRef({ layers, details });
  current.current = { layers, details };

  useEffect(() => {
    let chord: { key: string; at: number } | null = null;
    const press = (event: KeyboardEvent): void => {
      unwantReplyFocus();
      if (event.defaultPrevented || event.isComposing) return;
      const { layers, details } = current.current;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if ((event.ctrlKey || event.metaKey) && key === "k" && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        if (layers.current === "palette") layers.close();
        else layers.open("palette");
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || layers.current !== null) return;
      if (document.querySelector("[role=dialog], [role=alertdialog], [role=menu]") !== null) return;
      if (isTyping(event.target)) {
        if (key === "Escape") (event.target as HTMLElement).blur();
        return;
      }
      if (key === "Escape") {
        if (details.drawer) details.hide();
        return;
      }
      if (!setting("keys")) return;
      const after = chord !== null && event.timeStamp - chord.at < CHORD_MS ? chord.key : null;
      chord = null;
      if (after === "g" && (key === "c" || key === "r")) {
        event.preventDefault();
        navigate(key === "c" ? "/" : "/rejections");
        return;
      }
      if (key === "g") {
        chord = { key, at: event.timeStamp };
        return;
      }
      if (run(key, layers.open, details.toggle)) event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [navigate]);
}

/** True when the key means something here. */
function run(
  key: string,
  open: (layer: "palette" | "shortcuts") => void,
  toggleDetails: () => void,
): boolean {
  switch (key) {
    case "j":
    case "ArrowDown":
      return key === "j" || !isInScroller() ? step(1) : false;
    case "k":
    case "ArrowUp":
      return key === "k" || !isInScroller() ? step(-1) : false;
    case "u":
      return click(".row.unread");
    case "n":
      return click("[data-new]");
    case "/":
      return focus("#goto") || focus("#q");
    case "1":
    case "2":
    case "3":
      return click(`[data-filter="${FILTERS[Number(key) - 1] ?? ""}"]`);
    case "r":
      if (!location.pathname.startsWith("/conversations/")) return false;
      wantFocus("reply");
      command("reply");
      return true;
    case "e":
      return command("close");
    case "c":
      return command("copy");
    case "s":
      return command("simulate");
    case "End":
      return command("newest");
    case "d":
      if (document.querySelector(".details") === null) return false;
      toggleDetails();
      return true;
    case "?":
      open("shortcuts");
      return true;
    default:
      return false;
  }
}

/** Arrows scroll what has the focus and scrolls. */
const isInScroller = (): boolean =>
  document.activeElement?.closest(".scroll, .details-body, .table-wrap, pre") != null;

/** Where the last step went: keys pressed faster than the page loads continue from there. */
let stepped = { id: "", at: -Infinity };
const STEP_MS = 1_000;

function step(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>(".list .row[data-id]")];
  const fast = performance.now() - stepped.at < STEP_MS;
  const at = rows.findIndex((row) =>
    fast ? row.dataset["id"] === stepped.id : row.getAttribute("aria-current") === "true",
  );
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  if (next === undefined) return false;
  stepped = { id: next.dataset["id"] ?? "", at: performance.now() };
  next.scrollIntoView({ block: "nearest" });
  next.click();
  return true;
}

function click(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  element?.click();
  return element !== null;
}

function focus(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  element?.focus();
  return element !== null;
}
