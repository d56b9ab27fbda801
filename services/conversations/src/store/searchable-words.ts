import { words, type Timestamp } from "@fio/contracts";
import { wordsOfTime } from "./time-blocks.ts";

/** What `messages.words` holds: the message's folded words and those for the time of its place, with a space between. */
export function searchableWords({ content, timestamp }: { content: string; timestamp: Timestamp }): string {
  return [...words(content), ...wordsOfTime(timestamp)].join(" ");
}
