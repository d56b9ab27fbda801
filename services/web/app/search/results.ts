import type { SearchHit } from "@fio/contracts";
import { SEARCH_PAGE_MAX } from "@fio/contracts/limits";

/** What the read API answers to a search, or to its next page. */
export type SearchPage = {
  hits: SearchHit[];
  /** The query of the page that follows. */
  next: string | null;
  /** The query of the conversations that it names beyond those shown. */
  related: string | null;
  /** Of a search that took too long: the timestamp as far back as it has looked. */
  searched: string | null;
};

/** The newest message found in a conversation, and how many older ones the pages so far stand for. */
export type Found = {
  hit: SearchHit & { message: NonNullable<SearchHit["message"]> };
  more: number;
  /** The queries of the pages that stand for more of it. */
  pages: readonly string[];
};

export type Results = {
  /** Conversations that the query names. */
  named: readonly SearchHit[];
  found: readonly Found[];
  next: string | null;
  related: string | null;
  searched: string | null;
};

export const NO_RESULTS: Results = { named: [], found: [], next: null, related: null, searched: null };

type MessageHit = Found["hit"];
const isMessage = (hit: SearchHit): hit is MessageHit => hit.message !== null;

/** Appends a page, which was asked for by `query`: nothing moves, and a conversation that comes again stays one row. */
export function withPage(results: Results, page: SearchPage, query: string): Results {
  const named = new Map(
    [...results.named, ...page.hits.filter((hit) => !isMessage(hit))].map((hit) => [
      hit.conversation_id,
      hit,
    ]),
  );
  // One by one, where they were not asked for in groups.
  const rowOf = ({ conversation_id, message, more }: MessageHit): string =>
    more === undefined ? message.id : conversation_id;
  const found = new Map(results.found.map((each) => [rowOf(each.hit), each]));
  for (const hit of page.hits.filter(isMessage)) {
    const [known, more] = [found.get(rowOf(hit)), hit.more ?? 0];
    found.set(
      rowOf(hit),
      known === undefined
        ? { hit, more, pages: more > 0 ? [query] : [] }
        : { ...known, more: known.more + 1 + more, pages: [...known.pages, query] },
    );
  }
  return {
    named: [...named.values()],
    found: [...found.values()],
    next: page.next,
    related: results.related ?? page.related,
    searched: page.searched,
  };
}

/** More conversations that the query names. */
export const withRelated = (results: Results, page: SearchPage): Results => ({
  ...withPage(results, page, ""),
  next: results.next,
  searched: results.searched,
  related: page.next,
});

/** The query of a page's messages one by one, to be asked page by page itself. */
export function ungrouped(query: string): string {
  const search = new URLSearchParams(query);
  search.delete("group");
  search.set("kind", "message");
  search.set("limit", String(SEARCH_PAGE_MAX));
  return search.toString();
}

/** A page stands for at most 500 messages; some may have gone, or come, since it was read. */
const MOST_ASKED = 8;

/** The older messages of a conversation that its row stands for. `load` answers a query; null when it fails. */
export async function olderOf(
  { hit, more, pages }: Found,
  load: (query: string) => Promise<SearchPage | null>,
): Promise<MessageHit[] | null> {
  const older = new Map<string, MessageHit>();
  for (const page of pages) {
    let query: string | null = ungrouped(page);
    for (let asked = 0; query !== null && older.size < more && asked < MOST_ASKED; asked += 1) {
      const answer: SearchPage | null = await load(query);
      if (answer === null) return null;
      for (const each of answer.hits.filter(isMessage)) {
        if (each.conversation_id === hit.conversation_id && each.message.id !== hit.message.id)
          older.set(each.message.id, each);
      }
      query = answer.next;
    }
  }
  return [...older.values()];
}
