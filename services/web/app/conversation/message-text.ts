/** A message's text in pieces: plain, or a link that may be followed. */
export type Piece = { kind: "text"; text: string } | { kind: "link"; text: string };

// Only these two schemes become links; punctuation at the end of a sentence is not part of a URL.
const LINK = /\bhttps?:\/\/[^\s<>"'“”]+/giu;
const CLOSING = /[.,;:!?…)\]}]+$/u;

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const link = trimmedLink(match[0]);
    if (!URL.canParse(link)) continue;
    if (match.index > at) pieces.push({ kind: "text", text: text.slice(at, match.index) });
    pieces.push({ kind: "link", text: link });
    at = match.index + link.length;
  }
  if (at < text.length) pieces.push({ kind: "text", text: text.slice(at) });
  return pieces;
}

function trimmedLink(link: string): string {
  const closing = CLOSING.exec(link)?.[0] ?? "";
  const bare = link.slice(0, link.length - closing.length);
  // `…/Fio_(thread)` keeps its bracket, `(see https://…)` does not.
  return closing.startsWith(")") && bare.includes("(") ? `${bare})` : bare;
}

const EMOJI_ALONE = /^(?:\p{RGI_Emoji}\s*){1,7}$/v;

/** One to seven emoji and nothing else: shown large, without a bubble. */
export const isJumbo = (text: string): boolean => text.length <= 120 && EMOJI_ALONE.test(text.trim());

/** Over so many lines a text is folded. */
export const FOLD_LINES = 10;
/** Characters of a line in the widest and in the narrowest bubble: few letters are wider or slimmer than these. */
const WIDE_LINE = 90;
const NARROW_LINE = 24;

/**
 * Whether a text has more than ten lines. That depends on the bubble's width, unknown before it is drawn: `certain`
 * at any width, `possible` in a narrow one.
 */
export function longText(text: string): "certain" | "possible" | "no" {
  const lines = text.split("\n", FOLD_LINES + 1);
  const wrapped = (width: number): number =>
    lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / width)), 0);
  if (wrapped(WIDE_LINE) > FOLD_LINES) return "certain";
  return wrapped(NARROW_LINE) > FOLD_LINES ? "possible" : "no";
}
