import { useMemo, useSyncExternalStore } from "react";
import type { ConversationRow } from "@fio/contracts";
import { useOnline } from "../device/use-online.ts";
import { isFault, isMessage, type Entry, type Posting } from "./entry.ts";
import { browserOutbox } from "./browser-outbox.ts";

const NONE: readonly Entry[] = [];

const subscribe = (listener: () => void): (() => void) => browserOutbox().subscribe(listener);

export function usePostings(): readonly Posting[] {
  return useSyncExternalStore(
    subscribe,
    () => browserOutbox().entries(),
    () => NONE,
  );
}

/** What this browser has sent or is sending in a conversation and is not seen in it yet, in order. */
export function useOutbox(conversation: string): readonly Entry[] {
  const postings = usePostings();
  return useMemo(() => {
    const own = messagesOf(postings, conversation);
    return own.length === 0 ? NONE : own;
  }, [postings, conversation]);
}

/** Messages that wait for the creation of their conversation are as it is. */
function messagesOf(postings: readonly Posting[], conversation: string): Entry[] {
  const own = postings.filter((each) => each.conversation === conversation);
  const creation = own.find(({ event }) => event.type === "NEW_CONVERSATION");
  const kept = creation === undefined || creation.state === "accepted" ? null : creation;
  return own
    .filter(isMessage)
    .map((entry) =>
      kept === null || entry.state !== "queued"
        ? entry
        : { ...entry, state: kept.state, code: kept.code, nextTryAt: kept.nextTryAt },
    );
}

/** How many of a conversation could not be sent. */
export const useUnsentCount = (conversation: string): number =>
  messagesOf(usePostings(), conversation).filter(isFault).length;

/** When this browser began a conversation that may not be stored yet; `null` when it did not. */
export const useBeginning = (conversation: string): string | null =>
  usePostings().find(({ event }) => event.type === "NEW_CONVERSATION" && event.data.id === conversation)
    ?.event.timestamp ?? null;

/**
 * Whether the server knows a conversation. `beginning`: its first message is on its way there. `held`: that cannot be sent
 * now, and so there is no conversation.
 */
export type Begun = "begun" | "beginning" | "held";

export function useBegun(row: Pick<ConversationRow, "id" | "version"> | undefined): Begun {
  const unsent = useUnsentCount(row?.id ?? "");
  const online = useOnline();
  if (row === undefined || row.version > 0) return "begun";
  return online && unsent === 0 ? "beginning" : "held";
}

/** A close of the conversation that is on its way, or failed. */
export const useClosing = (conversation: string): Posting | null =>
  usePostings().find(({ event }) => event.type === "CLOSE_CONVERSATION" && event.data.id === conversation) ??
  null;
