import type { ConversationRow } from "@fio/contracts";
import { handleOf } from "@fio/contracts/handle";
import { placeOf } from "@fio/contracts/place";
import type { Times } from "../time/times.ts";
import { copyText } from "../ui/copy-button.tsx";
import { toast } from "../ui/toast.ts";
import { asText } from "./copied-messages.ts";
import { loadMessages } from "./scroll/load-messages.ts";
import { wholeConversation } from "./whole-conversation.ts";
import type { T } from "../i18n/i18n.ts";

type Words = { t: T; times: Times };

/** More than that is for a file: what is pasted elsewhere would be cut there. */
const MOST_COPIED = 5_000;

const busy = new Set<string>();

/** Copies a conversation as text, messages that are not loaded included; a file where the clipboard takes it not. */
export async function copyConversation(row: ConversationRow, words: Words): Promise<void> {
  const { t } = words;
  if (row.message_count > MOST_COPIED) {
    tell(row, t("copy.long", { amount: row.message_count }), "bad", {
      label: t("copy.file"),
      run: () => void saveConversation(row, words),
    });
    return;
  }
  const text = await read(row, words, () => void copyConversation(row, words));
  if (text === null) return;
  if (await copyText(text)) {
    tell(row, t("copy.done"), "note");
    return;
  }
  tell(row, t("copy.refused"), "bad", { label: t("copy.file"), run: () => save(row, text, t) });
}

async function saveConversation(row: ConversationRow, words: Words): Promise<void> {
  const text = await read(row, words, () => void saveConversation(row, words));
  if (text !== null) save(row, text, words.t);
}

/** The whole as text; says how far it is, and what fails. `null`: it failed, or is being read already. */
async function read(row: ConversationRow, words: Words, again: () => void): Promise<string | null> {
  const { t } = words;
  if (busy.has(row.id)) return null;
  busy.add(row.id);
  const progress = (read: number): void => {
    tell(row, t("copy.progress", { done: read, of: Math.max(read, row.message_count) }), "busy");
  };
  progress(0);
  const messages = await wholeConversation({
    load: (place) => loadMessages(row.id, place, { large: true }),
    progress,
  });
  busy.delete(row.id);
  if (messages === null) {
    tell(row, t("copy.failed"), "bad", { label: t("error.retry"), run: again });
    return null;
  }
  return asText(
    messages.map((message) => ({ ...message, place: placeOf(message) })),
    words,
  );
}

function save(row: ConversationRow, text: string, t: T): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = `${t("copy.fileName")}-${handleOf(row.id).tail}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  tell(row, t("copy.saved", { name: link.download }), "done");
}

/** In one place: what comes next takes the place of what was said before. */
const tell = (
  { id }: ConversationRow,
  text: string,
  kind: "note" | "done" | "bad" | "busy",
  action?: { label: string; run: () => void },
): void => toast(text, { kind, id: `copy ${id}`, ...(action === undefined ? {} : { action }) });
