import type { Dialect } from "../connect.ts";

/** A match in the language of an index, and what the last word must begin with where the index was asked for less. */
export type Match = { match: string; begins: string | null };

/** The last word may be the beginning of one, but a single letter is a word of its own in too many languages. */
const PREFIX_FROM = 2;
/** The longest beginning that SQLite's index knows by itself, see the migration. */
const INDEXED_PREFIX = 3;

/**
 * All of `wanted`, the last of them as a beginning, and one of `times` where there are any. Words hold letters, digits
 * and emoji alone, so that nothing can reach the languages of the indexes. `narrow`: the times hold few messages.
 */
export function matchOf(
  dialect: Dialect,
  { wanted, times, narrow }: { wanted: readonly string[]; times: readonly string[]; narrow: boolean },
): Match {
  const last = wanted.at(-1) ?? "";
  const characters = Array.from(last);
  const isPrefix = characters.length >= PREFIX_FROM;
  if (dialect === "postgres") {
    const terms = wanted.map((word) => `'${word}'${word === last && isPrefix ? ":*" : ""}`);
    return {
      match: all(
        terms,
        times.map((time) => `'${time}'`),
        [" & ", " | "],
      ),
      begins: null,
    };
  }
  // SQLite puts all that it finds for a longer beginning together, however little of it is asked for: for a common word
  // half of the index. Where the times leave little, the beginning that it has an index for is enough to ask for.
  const isShortened = narrow && characters.length > INDEXED_PREFIX;
  const beginning = isShortened ? characters.slice(0, INDEXED_PREFIX).join("") : last;
  const terms = wanted.map((word) => (word === last ? `"${beginning}"${isPrefix ? "*" : ""}` : `"${word}"`));
  return {
    match: all(
      terms,
      times.map((time) => `"${time}"`),
      [" AND ", " OR "],
    ),
    begins: isShortened ? last : null,
  };
}

function all(terms: readonly string[], times: readonly string[], [and, or]: [string, string]): string {
  return [...terms, ...(times.length === 0 ? [] : [`(${times.join(or)})`])].join(and);
}
