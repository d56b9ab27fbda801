import { oneLine } from "./one-line.ts";

/*
 * White space, controls, and all that Unicode says to draw as nothing (zero-width characters, marks of direction,
 * variation selectors, Hangul fillers, tags); and two that no font draws though Unicode does not say so: a braille
 * pattern without dots and the anchors of annotations.
 */
const NOTHING_TO_SEE = /^[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]*$/u;

/** Whether a text shows nothing at all. Such a message is kept as it was sent, and shown as being blank. */
export const isBlank = (text: string): boolean => NOTHING_TO_SEE.test(text);

/** The one-line preview of a message from its beginning; `null` for a blank one. */
export function lineOf(beginning: string, { cutAt }: { cutAt: number }): string | null {
  if (!isBlank(beginning)) return oneLine(beginning);
  // A cut never splits a pair, and may be one shorter. What follows it may be anything.
  return beginning.length < cutAt - 1 ? null : "…";
}
