/** Puts text where the cursor is, or over a part of the field: as typed, so that the browser can undo it. */
export function insertText(
  field: HTMLTextAreaElement,
  text: string,
  over: { from: number; to: number } = { from: field.selectionStart, to: field.selectionEnd },
): void {
  field.focus();
  field.setSelectionRange(over.from, over.to);
  // The only way that leaves undoing to the browser.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, over.from, over.to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
