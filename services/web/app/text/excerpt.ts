export type ExcerptPiece = { text: string; hit: boolean };

const BEFORE = 60;
const LENGTH = 220;

/** Case and accents make no difference; each character of the text stays one of the folded text. */
const fold = (character: string): string =>
  character.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().slice(0, character.length) || character;

/** The part of a text around the first word that was looked for, cut into pieces that are one of the words and not. */
export function excerptOf(text: string, query: string): ExcerptPiece[] {
  const line = text.replace(/\s+/gu, " ").trim().normalize("NFC");
  const folded = Array.from(line, fold).join("");
  const words = query
    .normalize("NFC")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map((word) => Array.from(word, fold).join(""));
  const same = folded.length === line.length;
  const found = same ? words.map((word) => folded.indexOf(word)).filter((at) => at >= 0) : [];
  const first = found.length === 0 ? 0 : Math.min(...found);
  const from = first > BEFORE ? first - BEFORE : 0;
  const to = Math.min(line.length, from + LENGTH);
  const pieces: ExcerptPiece[] = from > 0 ? [{ text: "…", hit: false }] : [];
  let at = from;
  while (at < to) {
    const next = same
      ? words
          .map((word) => ({ at: folded.indexOf(word, at), length: word.length }))
          .filter((match) => match.at >= 0 && match.at < to)
          .sort((a, b) => a.at - b.at || b.length - a.length)[0]
      : undefined;
    if (next === undefined) break;
    if (next.at > at) pieces.push({ text: line.slice(at, next.at), hit: false });
    pieces.push({ text: line.slice(next.at, next.at + next.length), hit: true });
    at = next.at + next.length;
  }
  if (at < to) pieces.push({ text: line.slice(at, to), hit: false });
  if (to < line.length) pieces.push({ text: "…", hit: false });
  return pieces;
}
