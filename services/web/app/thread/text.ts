/** A message's text in pieces: plain, or a link that may be followed. */
export type Piece = { kind: "text"; text: string } | { kind: "link"; text: string };

// Only these two schemes are ever followed; what closes a sentence is not part of an address.
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

/** Where a text is cut before it is measured: far more than the lines that are shown. */
const FOLD_CHARACTERS = 700;
const FOLD_LINES = 10;

/** Whether a text is likely over ten lines; the width that decides is known to nobody before it is drawn. */
export const isLong = (text: string): boolean =>
  text.length > FOLD_CHARACTERS || text.split("\n", FOLD_LINES + 1).length > FOLD_LINES;
