import type { Conversation } from "@fio/contracts";
import { dataPath } from "../../names/paths.ts";

/** A page of a thread, and the queries of those before and after it; `null` where there are no more messages. */
export type MessagePage = { conversation: Conversation; older: string | null; newer: string | null };

/** Which page: the one a query names, the one around a message or at a time, or the latest. */
export type PagePlace = { page: string } | { around: string } | { at: string } | { latest: true };

/** `missing`: the conversation does not hold that message. */
export type PageRead = { kind: "read"; page: MessagePage } | { kind: "missing" } | { kind: "failed" };

/** `large`: for whoever wants the whole, not a view; later pages are as large as the first. */
export async function loadMessages(
  id: string,
  place: PagePlace,
  { large = false }: { large?: boolean } = {},
): Promise<PageRead> {
  const query = { ...("latest" in place ? {} : place), large: large ? "true" : null };
  try {
    const answer = await fetch(dataPath.messages(id, query));
    if (answer.status === 404) return { kind: "missing" };
    if (!answer.ok) return { kind: "failed" };
    return { kind: "read", page: (await answer.json()) as MessagePage };
  } catch {
    return { kind: "failed" };
  }
}
