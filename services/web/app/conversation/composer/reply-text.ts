import { draftOf, keepDraft } from "../../device/drafts.ts";
import { NEW } from "../../names/paths.ts";
import { isBlank } from "../../text/blank.ts";

/** As it is sent: without the blank lines that were pasted around it. Indents and lines in between stay. */
export const tidied = (text: string): string =>
  text.replace(/^(?:[^\S\n]*\n)+/, "").replace(/\s+$/, (end) => (end.includes("\n") ? "" : end));

/** Makes a text that cannot go where it was written the draft of a new conversation, below what stands there. */
export function moveToNew(text: string): void {
  const before = draftOf(NEW);
  if (before === text) return;
  keepDraft(NEW, isBlank(before) ? text : `${before}\n\n${text}`);
}
