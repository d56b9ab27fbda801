import type { Conversation } from "@fio/contracts";

export type OlderPage = { conversation: Conversation; older: string | null };

/** A page of a conversation's messages; `page` is the query that the page after it gave, `null` the latest. */
export async function loadMessages(
  id: string,
  { page, limit }: { page: string | null; limit?: number },
): Promise<OlderPage | null> {
  const asked = page === null || limit === undefined ? page : withLimit(page, limit);
  const query = asked === null ? "" : `?${new URLSearchParams({ page: asked }).toString()}`;
  try {
    const answer = await fetch(`/data/conversations/${id}/messages${query}`);
    return answer.ok ? ((await answer.json()) as OlderPage) : null;
  } catch {
    return null;
  }
}

function withLimit(page: string, limit: number): string {
  const query = new URLSearchParams(page);
  query.set("limit", String(limit));
  return query.toString();
}
