import { placeOf, type JobEvent, type NewMessage, type Receipt, type Timestamp } from "@fio/contracts";
import { searchableWords } from "./searchable-words.ts";

const prepared = new WeakMap<NewMessage, { place: Timestamp; words: string }>();

/** Folds the words of messages ahead: for long texts that takes longer than a transaction should hold its locks. */
export function prepareWords(events: readonly JobEvent[]): void {
  for (const { receipt, event } of events) if (event.type === "NEW_MESSAGE") wordsOf({ receipt, event });
}

/** What `messages.words` holds for a message. */
export function wordsOf({ receipt, event }: { receipt: Receipt; event: NewMessage }): string {
  const place = placeOf({ timestamp: event.timestamp, receipt });
  const known = prepared.get(event);
  if (known?.place === place) return known.words;
  const words = searchableWords({ content: event.data.content, timestamp: place });
  prepared.set(event, { place, words });
  return words;
}
