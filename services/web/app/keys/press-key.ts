import { DIALOG } from "./focus-before.ts";

type Field = HTMLInputElement | HTMLTextAreaElement;

/** As if the key were pressed now: what a browser does by itself it does not do for scripts. */
export function press({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): void {
  const target = document.activeElement ?? document.body;
  const options = { key, code, ctrlKey, metaKey, altKey, shiftKey, bubbles: true, cancelable: true };
  if (!target.dispatchEvent(new KeyboardEvent("keydown", options))) return;
  if (ctrlKey || metaKey || altKey || !(target instanceof HTMLElement)) return;
  if (key === "Tab") step(target, shiftKey ? -1 : 1);
  else if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) {
    if (!move(target, key, { selects: shiftKey })) type(target, key);
  } else if (key === "Enter" || key === " ") target.click();
}

function type(field: Field, key: string): void {
  const text = key === "Enter" && field instanceof HTMLTextAreaElement ? "\n" : key;
  // The only ways that leave undoing to the browser.
  /* eslint-disable @typescript-eslint/no-deprecated */
  if (text.length === 1) document.execCommand("insertText", false, text);
  else if (key === "Backspace") document.execCommand("delete");
  else if (key === "Delete") document.execCommand("forwardDelete");
  else if (key === "Enter") field.form?.requestSubmit();
  /* eslint-enable @typescript-eslint/no-deprecated */
}

/** Moves the cursor along its line, or selects up to there. False: the key does not move it. */
function move(field: Field, key: string, { selects }: { selects: boolean }): boolean {
  const { selectionStart: from, selectionEnd: to, selectionDirection, value } = field;
  // Fields of numbers and dates do not tell.
  if (from === null || to === null) return false;
  const [fixed, cursor] = selectionDirection === "backward" ? [to, from] : [from, to];
  const at = cursorAfter(value, key, { from, to, cursor, selects });
  if (at === null) return false;
  if (selects)
    field.setSelectionRange(Math.min(fixed, at), Math.max(fixed, at), at < fixed ? "backward" : "forward");
  else field.setSelectionRange(at, at);
  return true;
}

function cursorAfter(
  value: string,
  key: string,
  { from, to, cursor, selects }: { from: number; to: number; cursor: number; selects: boolean },
): number | null {
  // Without Shift an arrow leaves the selection at its own end.
  const leaves = !selects && from !== to;
  if (key === "ArrowLeft") return leaves ? from : (characterAt(value, cursor - 1)?.index ?? 0);
  if (key === "ArrowRight") return leaves ? to : cursor + (characterAt(value, cursor)?.segment.length ?? 0);
  if (key === "Home") return value.slice(0, cursor).lastIndexOf("\n") + 1;
  if (key !== "End") return null;
  const end = value.indexOf("\n", cursor);
  return end < 0 ? value.length : end;
}

const characterAt = (text: string, index: number): Intl.SegmentData | undefined =>
  new Intl.Segmenter().segment(text).containing(index);

function step(from: HTMLElement, by: 1 | -1): void {
  const around = from.closest(DIALOG);
  const stops = [...(around?.querySelectorAll<HTMLElement>("a[href], button, input, [tabindex='0']") ?? [])];
  const open = stops.filter((each) => each.tabIndex >= 0 && !each.matches(":disabled"));
  open[open.indexOf(from) + by]?.focus();
}
