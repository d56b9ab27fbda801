import { PREFIX_FROM, type Term } from "@fio/contracts";
import { VOCABULARY } from "../backfills/vocabulary.ts";
import type { Store } from "../connect.ts";
import { rawRows } from "./raw.ts";
import { INDEXED_PREFIX, VOCABULARY_LENGTH } from "./search-match.ts";

/** More words than this are asked for by their beginning. */
const MOST = 64;

/**
 * The words of the index that begin with the last word of a query; `null` where they are too many, or where the index
 * takes a beginning as it takes a word. For words both read only the matches that they give, while for a beginning they
 * put all of them together first: 100 ms for a word of 500,000 messages.
 *
 * One step for each word, whatever the number of its messages.
 */
export async function completionsOf(store: Store, terms: readonly Term[]): Promise<string[] | null> {
  const last = terms.at(-1);
  const length = Array.from(last?.word ?? "").length;
  if (last?.parts !== null || length < PREFIX_FROM) return null;
  const found =
    store.dialect === "postgres" ? await inVocabulary(store, last.word) : await inIndex(store, last.word);
  return found === null || found.length > MOST ? null : found;
}

/** Sorts between a word and all that begin with it; in no word. */
const NEXT = "char(1)";

async function inIndex({ read }: Store, beginning: string): Promise<string[] | null> {
  if (Array.from(beginning).length <= INDEXED_PREFIX.sqlite) return null;
  await read.raw(
    "create virtual table if not exists temp.search_words using fts5vocab(main, 'message_search', 'instance')",
  );
  const next = (from: string): string => `(select term from temp.search_words where term >= ${from} limit 1)`;
  const rows = await rawRows<{ word: string }>(
    read,
    `with recursive found(word, place) as (
  select ${next(":beginning")}, 1
  union all
  select ${next(`found.word || ${NEXT}`)}, place + 1 from found
    where place <= :most and substr(found.word, 1, length(:beginning)) = :beginning)
select word from found where substr(word, 1, length(:beginning)) = :beginning`,
    { beginning, most: MOST },
  );
  return rows.map(({ word }) => word);
}

/** `null` while not all messages are in it, and for numbers, which never are. */
async function inVocabulary({ read }: Store, beginning: string): Promise<string[] | null> {
  if (/^[0-9]/.test(beginning) || Array.from(beginning).length > VOCABULARY_LENGTH) return null;
  const rows = await rawRows<{ word: string }>(
    read,
    `with whole as (select from backfills where name = :name and (finished or walk > 1))
      select word from search_words
        where word >= :beginning and word < :beginning || chr(1114111) and exists (select from whole)
      union all select '' where not exists (select from whole)
      limit :most`,
    { beginning, name: VOCABULARY, most: MOST + 1 },
  );
  return rows.some(({ word }) => word === "") ? null : rows.map(({ word }) => word);
}
