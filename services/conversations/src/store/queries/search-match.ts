import { PREFIX_FROM, type Term } from "@fio/contracts";
import type { Dialect } from "../connect.ts";

/** A match in the language of an index, and what the last word must begin with where the index was asked for less. */
export type Match = { match: string; begins: string | null };

/** The longest beginning that an index knows by itself: SQLite's is made for it, see the migration; Postgres has none. */
export const INDEXED_PREFIX = { sqlite: 3, postgres: 0 } as const;

/** Of a longer word Postgres' vocabulary has its beginning alone. */
export const VOCABULARY_LENGTH = 64;

const LANGUAGE = {
  postgres: {
    and: " & ",
    or: " | ",
    word: (word: string, isBeginning: boolean) => `'${word}'${isBeginning ? ":*" : ""}`,
  },
  sqlite: {
    and: " AND ",
    or: " OR ",
    word: (word: string, isBeginning: boolean) => `"${word}"${isBeginning ? "*" : ""}`,
  },
} as const;

/**
 * All of `terms`, the last of them as a beginning, and one of `times` where there are any. Words hold letters, digits and
 * emoji alone, so that nothing can reach the languages of the indexes. `narrow`: the times hold few messages.
 */
export function matchOf(
  dialect: Dialect,
  {
    terms,
    completions,
    times,
    narrow,
  }: {
    terms: readonly Term[];
    /** The words that the last one begins, where they are known. */
    completions: readonly string[] | null;
    times: readonly string[];
    narrow: boolean;
  },
): Match {
  const { and, or, word } = LANGUAGE[dialect];
  const last = terms.at(-1);
  const characters = Array.from(last?.word ?? "");
  // Both put all that they find for a longer beginning together, however little of it is asked for: for a common word
  // half of the index. Where the times leave little, the beginning that there is an index for is enough to ask for.
  const indexed = INDEXED_PREFIX[dialect];
  const isShortened =
    narrow &&
    completions === null &&
    last?.parts === null &&
    characters.length > Math.max(indexed, PREFIX_FROM - 1);
  const wordOf = (term: Term): string => {
    if (term !== last) return word(term.word, false);
    // The vocabulary has only the beginning of a long word.
    if (completions !== null) {
      return `(${completions.map((one) => word(one, one.length >= VOCABULARY_LENGTH)).join(or)})`;
    }
    const beginning = isShortened ? characters.slice(0, indexed).join("") : term.word;
    return word(beginning, characters.length >= PREFIX_FROM);
  };
  const asked = isShortened && indexed === 0 ? terms.slice(0, -1) : terms;
  const clauses = asked.map((term) => {
    if (term.parts === null || term.parts.length === 0) return wordOf(term);
    const { parts: own } = term;
    const parts = own.map((part, index) =>
      word(part, term === last && index === own.length - 1 && part.length >= PREFIX_FROM),
    );
    return `(${wordOf(term)}${or}(${parts.join(and)}))`;
  });
  const time = times.map((one) => word(one, false));
  return {
    match: [...clauses, ...(time.length === 0 ? [] : [`(${time.join(or)})`])].join(and),
    begins: isShortened ? last.word : null,
  };
}
