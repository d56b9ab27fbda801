import { draftOf, keepDraft } from "../../device/drafts.ts";
import { NEW } from "../../names/paths.ts";
import { isBlank } from "../../text/blank.ts";

/** As it is sent: without the blank lines that were pasted around it. Indents and lines in between stay. */
export const tidied = (text: string): string =>
  text.replace(/^(?:[^\S\n]*\n)+/, "").replace(/\s+$/, (end) => (end.includes("\n") ? "" : end));

/** Makes a text that cannot go where it was written the draft of a new conversation. */
export const moveToNew = (text: string): void => addToDraft(NEW, text);

/** Puts a text into the field of a conversation, below what stands there. */
export function addToDraft(id: string, text: string): void {
  const before = draftOf(id);
  if (before === text) return;
  keepDraft(id, isBlank(before) ? text : `${before}\n\n${text}`);
}
