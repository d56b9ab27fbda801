import type { ConversationRow, Rejection } from "@fio/contracts";
import type { T } from "../i18n/i18n.ts";
import type { Entry } from "../outbox/entry.ts";
import type { Times } from "../time/times.ts";
import { allWritten } from "./all-written.ts";
import { asText } from "./copied-messages.ts";
import type { PagePlace, PageRead } from "./scroll/load-messages.ts";
import { wholeConversation } from "./whole-conversation.ts";

type Words = { t: T; times: Times };
type Said = {
  kind: "note" | "done" | "bad" | "busy";
  action?: { label: string; run: () => void };
};
export type CopyTools = {
  load: (id: string, place: PagePlace) => Promise<PageRead>;
  /** What the conversation left out; `null` when that is not available. */
  refused: (id: string) => Promise<readonly Rejection[] | null>;
  /** What this browser sends into it. */
  entries: (id: string) => readonly Entry[];
  copyText: (text: string) => Promise<boolean>;
  /** Gives the file's name. */
  save: (row: ConversationRow, text: string, words: Words) => string;
  /** In one place: what comes next takes the place of what was said before. */
  tell: (row: ConversationRow, text: string, said: Said) => void;
};

/** More than that is for a file: what is pasted elsewhere would be cut there. */
export const MOST_COPIED = 5_000;

/** Copies conversations as text, messages that are not loaded included; a file where the clipboard takes it not. */
export function createCopy({ load, refused, entries, copyText, save, tell }: CopyTools) {
  const busy = new Set<string>();

  /** The whole as text; says how far it is, and what fails. `null`: it failed, or is being read already. */
  const read = async (row: ConversationRow, words: Words, again: () => void): Promise<string | null> => {
    const { t } = words;
    if (busy.has(row.id)) return null;
    busy.add(row.id);
    const progress = (read: number): void => {
      const text = t("copy.progress", { done: read, of: Math.max(read, row.message_count) });
      tell(row, text, { kind: "busy" });
    };
    progress(0);
    const [messages, left] = await Promise.all([
      wholeConversation({ load: (place) => load(row.id, place), progress }),
      // Nothing comes after a close that was not.
      row.state === "OPEN" ? [] : refused(row.id),
    ]);
    busy.delete(row.id);
    if (messages === null || left === null) {
      tell(row, t("copy.failed"), { kind: "bad", action: { label: t("error.retry"), run: again } });
      return null;
    }
    return asText(allWritten({ messages, refused: left, entries: entries(row.id) }), words);
  };

  const toFile = async (row: ConversationRow, words: Words): Promise<void> => {
    const text = await read(row, words, () => void toFile(row, words));
    if (text !== null) saved(row, text, words);
  };
  const saved = (row: ConversationRow, text: string, words: Words): void =>
    tell(row, words.t("copy.saved", { name: save(row, text, words) }), { kind: "done" });

  return async function copy(row: ConversationRow, words: Words): Promise<void> {
    const { t } = words;
    if (row.message_count > MOST_COPIED) {
      const action = { label: t("copy.file"), run: () => void toFile(row, words) };
      tell(row, t("copy.long", { amount: row.message_count }), { kind: "bad", action });
      return;
    }
    const text = await read(row, words, () => void copy(row, words));
    if (text === null) return;
    if (await copyText(text)) {
      tell(row, t("copy.done"), { kind: "note" });
      return;
    }
    const action = { label: t("copy.file"), run: () => saved(row, text, words) };
    tell(row, t("copy.refused"), { kind: "bad", action });
  };
}
