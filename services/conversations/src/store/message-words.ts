import type { AcceptedEvent, NewMessage } from "@fio/contracts";
import { searchableWords } from "./searchable-words.ts";

const prepared = new WeakMap<NewMessage, string>();

/** Folds the words of messages ahead: for long texts that takes longer than a transaction should hold its locks. */
export function prepareWords(events: readonly AcceptedEvent[]): void {
  for (const { event } of events) if (event.type === "NEW_MESSAGE") wordsOf(event);
}

/** What `messages.words` holds for a message. */
export function wordsOf(event: NewMessage): string {
  const known = prepared.get(event);
  if (known !== undefined) return known;
  const words = searchableWords({ content: event.data.content, timestamp: event.timestamp });
  prepared.set(event, words);
  return words;
}
