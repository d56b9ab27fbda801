import { fold, type Conversation, type ConversationRow, type SearchHit } from "@fio/contracts";
import { request } from "../support/client.ts";
import type { Snapshot } from "../faults/rig/store/snapshot.ts";

/** What of a store its read API does not give, one line each, and how much it gave. */
export type Readings = { missing: string[]; conversations: number; messages: number; searches: number };

const AT_ONCE = 8;
/** Of so many messages one is searched. */
const SEARCH_EVERY = 60;

/** Reads all that a snapshot holds through the API, as agents do: every list page by page, every thread whole, and searches. */
export async function readAllOf(apiUrl: string, { applied, lists }: Snapshot): Promise<Readings> {
  const missing: string[] = [];
  const listed = await readLists(apiUrl);
  for (const [id, { state }] of lists) {
    if (listed.get(id) !== state) missing.push(`${id} is ${state}, and listed as ${listed.get(id)}`);
  }
  const messages = applied.flatMap(({ event }) => (event.type === "NEW_MESSAGE" ? [event] : []));
  const byConversation = Map.groupBy(messages, ({ data }) => data.conversation_id);
  await inLanes([...lists.keys()], async (id) => {
    const thread = await request<Conversation>(`${apiUrl}/conversations/${id}/?limit=1000`);
    const told = new Map((thread.status === 200 ? thread.body.messages : []).map((one) => [one.id, one]));
    for (const { data, timestamp } of byConversation.get(id) ?? []) {
      const one = told.get(data.id);
      if (one?.content !== data.content || one.timestamp !== timestamp)
        missing.push(`${data.id} is not in its thread ${id}: ${thread.status}`);
    }
  });
  const wanted = messages.filter((_, index) => index % SEARCH_EVERY === 0);
  await inLanes(wanted, async ({ data: { id, content, conversation_id } }) => {
    const byId = await search(apiUrl, id);
    if (!byId.some((hit) => hit.conversation_id === conversation_id))
      missing.push(`${id} is not found by id`);
    const number = /9\d{4}-\d{4}/.exec(fold(content))?.[0];
    // The same phone number in another way of writing it.
    if (number === undefined) return;
    const hits = await search(apiUrl, `11${number.replace("-", "")}`);
    if (!hits.some(({ message }) => message?.id === id)) missing.push(`${id} is not found by ${number}`);
  });
  return { missing, conversations: listed.size, messages: messages.length, searches: wanted.length };
}

async function readLists(apiUrl: string): Promise<Map<string, string>> {
  const listed = new Map<string, string>();
  for (const state of ["OPEN", "CLOSED"]) {
    let next: string | null = `/conversations/?state=${state}&limit=200`;
    while (next !== null) {
      const page: Awaited<ReturnType<typeof request<ConversationRow[]>>> = await request<ConversationRow[]>(
        new URL(next, apiUrl).href,
      );
      if (page.status !== 200) throw new Error(`${next}: ${page.status}`);
      for (const row of page.body) listed.set(row.id, row.state);
      next = /<([^>]+)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1] ?? null;
    }
  }
  return listed;
}

const search = async (apiUrl: string, q: string): Promise<SearchHit[]> => {
  const { status, body } = await request<SearchHit[]>(
    `${apiUrl}/search?q=${encodeURIComponent(q)}&limit=100`,
  );
  return status === 200 ? body : [];
};

async function inLanes<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of left) await work(item);
    }),
  );
}
