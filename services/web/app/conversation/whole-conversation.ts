import type { Message } from "@fio/contracts";
import type { MessagePage, PagePlace, PageRead } from "./scroll/load-messages.ts";

/** How often a page is asked for before the whole is given up. */
const TRIES = 3;

/**
 * All messages of a conversation as they are now, read from the latest page to the first; `null` when a page does not come.
 * `progress` is told how many are read, whenever more are to come.
 */
export async function wholeConversation({
  load,
  progress,
}: {
  load: (place: PagePlace) => Promise<PageRead>;
  progress: (read: number) => void;
}): Promise<Message[] | null> {
  const pages: Message[][] = [];
  let count = 0;
  let place: PagePlace | null = { latest: true };
  while (place !== null) {
    const page: MessagePage | null = await insistently(load, place);
    if (page === null) return null;
    pages.push(page.conversation.messages);
    count += page.conversation.messages.length;
    place = page.older === null ? null : { page: page.older };
    if (place !== null) progress(count);
  }
  return pages.toReversed().flat();
}

async function insistently(
  load: (place: PagePlace) => Promise<PageRead>,
  place: PagePlace,
): Promise<MessagePage | null> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const read = await load(place);
    if (read.kind === "read") return read.page;
    if (read.kind === "missing") return null;
  }
  return null;
}
