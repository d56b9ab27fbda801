import type { Conversation } from "@fio/contracts";
import type { Api, Read } from "../../server/api.ts";
import { idIn } from "../names/id.ts";
import { aroundQuery } from "../store/thread.ts";

/**
 * A thread as an address names it: around the message in `?message=` or `?around=`, the page that a link without
 * scripts leads to, or the latest messages.
 */
export async function threadPage(
  api: Api,
  { id, search, limit }: { id: string; search: URLSearchParams; limit: number },
): Promise<Read<Conversation>> {
  const page = search.get("page");
  const around = idIn(search.get("message") ?? search.get("around") ?? "");
  const read = await api.conversation(id, { page, around, limit });
  // The thread is there, and says in the browser that the message is not.
  if (read.kind === "refused" && read.problem.code === "MESSAGE_NOT_FOUND")
    return api.conversation(id, { page: null, limit });
  if (read.kind === "refused" || page === null) return read;
  // Such a page leads on the one way only: back it is where one came from.
  const asked = new URLSearchParams(page);
  const [first, last] = [read.data.messages[0], read.data.messages.at(-1)];
  return {
    ...read,
    prev: asked.has("after") && first !== undefined ? aroundQuery(first.id) : read.prev,
    next: asked.has("before") && last !== undefined ? aroundQuery(last.id) : read.next,
  };
}
