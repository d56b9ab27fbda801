import type { ConversationRow, Rejection } from "@fio/contracts";
import { handleOf } from "@fio/contracts/handle";
import { browserOutbox } from "../outbox/browser-outbox.ts";
import { isMessage } from "../outbox/entry.ts";
import { fetchRejections } from "../rejections/fetch-rejections.ts";
import { copyText } from "../ui/copy-button.tsx";
import { toast } from "../ui/toast.ts";
import { createCopy } from "./copy-conversation.ts";
import { loadMessages } from "./scroll/load-messages.ts";

export const copyConversation = createCopy({
  load: (id, place) => loadMessages(id, place, { large: true }),
  refused,
  entries: (id) =>
    browserOutbox()
      .entries()
      .filter(isMessage)
      .filter(({ conversation }) => conversation === id),
  copyText,
  save: (row, text, { t }) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.download = `${t("copy.fileName")}-${handleOf(row.id).tail}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    return link.download;
  },
  tell: ({ id }: ConversationRow, text, said) => toast(text, { ...said, id: `copy ${id}` }),
});

/** All pages, oldest first. */
async function refused(conversation: string): Promise<readonly Rejection[] | null> {
  const found: Rejection[] = [];
  let query: string | null = new URLSearchParams({ show: "all", conversation }).toString();
  while (query !== null) {
    const page = await fetchRejections(query);
    if (page === null) return null;
    found.push(...page.rejections);
    query = page.next;
  }
  return found.sort((a, b) => (a.receipt < b.receipt ? -1 : 1));
}
