import { matchesIn } from "@fio/contracts/search";
import { oneLine } from "./one-line.ts";

export type ExcerptPiece = { text: string; hit: boolean };

const BEFORE = 60;
const LENGTH = 220;

/** The part of a text around the first match of a query, cut into pieces that match and pieces that do not. */
export function excerptOf(text: string, query: string): ExcerptPiece[] {
  const line = oneLine(text);
  const matches = matchesIn(line, query);
  const first = matches[0]?.from ?? 0;
  const from = first > BEFORE ? wholeAt(line, first - BEFORE) : 0;
  const to = wholeAt(line, Math.min(line.length, from + LENGTH));
  const pieces: ExcerptPiece[] = from > 0 ? [{ text: "…", hit: false }] : [];
  let at = from;
  for (const match of matches) {
    if (match.from >= to) break;
    const end = Math.min(match.to, to);
    if (match.from > at) pieces.push({ text: line.slice(at, match.from), hit: false });
    pieces.push({ text: line.slice(match.from, end), hit: true });
    at = end;
  }
  if (at < to) pieces.push({ text: line.slice(at, to), hit: false });
  if (to < line.length) pieces.push({ text: "…", hit: false });
  return pieces;
}

/** The same place, or the one before when it is in the middle of a character of two units. */
const wholeAt = (text: string, at: number): number =>
  (text.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at;
