/** A message's text in pieces: plain, a link that may be followed, or in one of WhatsApp's styles. */
export type Piece =
  | { kind: "text" | "mono"; text: string }
  | { kind: "link"; text: string; href: string }
  | { kind: "bold" | "italic" | "strike"; pieces: Piece[] };

// Only these become links. Each begins at a word's beginning, so that long texts are read once.
const LINK =
  /\bhttps?:\/\/[^\s<>"'“”]+|(?<![\w@/.-])www\.[^\s<>"'“”]+\.[^\s<>"'“”]+|(?<![\w.%+-])[\w.%+-]{1,64}@[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63})+/giu;
/** What ends a sentence, a bracket or a style is not part of an address. */
const CLOSING = /[.,;:!?…)\]}*_~]+$/u;
const MONO = /```([^`](?:[^`]|`(?!``))*)```/gu;
const STYLES = { "*": "bold", _: "italic", "~": "strike" } as const;
type Marker = keyof typeof STYLES;
const isMarker = (sign: string | undefined): sign is Marker => sign !== undefined && sign in STYLES;
const WORD = /[\p{L}\p{M}\p{N}]/u;

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(MONO)) {
    if ((match[1] ?? "").trim() === "") continue;
    pieces.push(...styled(text.slice(at, match.index)), { kind: "mono", text: match[1] ?? "" });
    at = match.index + match[0].length;
  }
  return [...pieces, ...styled(text.slice(at))];
}

type Link = { from: number; to: number; href: string };

function linksIn(text: string): Map<number, Link> {
  const links = new Map<number, Link>();
  for (const { 0: found, index } of text.matchAll(LINK)) {
    const link = trimmedLink(found);
    const href = /^https?:/i.test(link) ? link : /^www\./i.test(link) ? `https://${link}` : `mailto:${link}`;
    if (URL.canParse(href)) links.set(index, { from: index, to: index + link.length, href });
  }
  return links;
}

function trimmedLink(link: string): string {
  const closing = CLOSING.exec(link)?.[0] ?? "";
  const bare = link.slice(0, link.length - closing.length);
  // `…/Fio_(thread)` keeps its bracket, `(see https://…)` does not.
  return closing.startsWith(")") && bare.includes("(") ? `${bare})` : bare;
}

/**
 * WhatsApp's rules: a sign opens where no word is before it and no space after, closes where no space is before it and no
 * word after, on the same line; a sign inside a link or a word is a letter like others.
 */
function styled(text: string): Piece[] {
  const links = linksIn(text);
  const inLink = new Set<number>();
  for (const { from, to } of links.values()) for (let at = from; at < to; at += 1) inLink.add(at);
  const isWord = (at: number): boolean => WORD.test(text[at] ?? "");
  const isSpace = (at: number): boolean => /^\s?$/.test(text[at] ?? "");
  const opens = (at: number): boolean =>
    !isWord(at - 1) && !isSpace(at + 1) && text[at + 1] !== text[at] && text[at - 1] !== text[at];
  const closes = (at: number): boolean => !isSpace(at - 1) && !isWord(at + 1) && text[at + 1] !== text[at];
  /** Up to where it is known that a sign does not close. */
  const open: Record<Marker, number> = { "*": 0, _: 0, "~": 0 };
  const closingOf = (sign: Marker, from: number, end: number): number | null => {
    if (from < open[sign]) return null;
    for (let at = from; at < end && text[at] !== "\n"; at += 1) {
      if (text[at] === sign && !inLink.has(at) && at > from && closes(at)) return at;
    }
    const line = text.indexOf("\n", from);
    open[sign] = line === -1 ? text.length : line;
    return null;
  };
  const read = (from: number, end: number, within: string): Piece[] => {
    const pieces: Piece[] = [];
    let plain = from;
    const flush = (to: number): void => {
      if (to > plain) pieces.push({ kind: "text", text: text.slice(plain, to) });
    };
    for (let at = from; at < end;) {
      const link = links.get(at);
      const sign = text[at];
      if (link !== undefined && link.to <= end) {
        flush(at);
        pieces.push({ kind: "link", text: text.slice(at, link.to), href: link.href });
        at = plain = link.to;
        continue;
      }
      const close =
        isMarker(sign) && !within.includes(sign) && !inLink.has(at) && opens(at)
          ? closingOf(sign, at + 1, end)
          : null;
      if (isMarker(sign) && close !== null) {
        flush(at);
        pieces.push({ kind: STYLES[sign], pieces: read(at + 1, close, within + sign) });
        at = plain = close + 1;
      } else at += 1;
    }
    flush(end);
    return pieces;
  };
  return read(0, text.length, "");
}

/** Without the lines before and the spaces after what was written: in a bubble they are holes. */
export const withoutEdges = (text: string): string => text.replace(/^\s*\n/, "").trimEnd();

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
