import type { Receipt } from "@fio/contracts";
import { derivedId } from "@fio/contracts/derived-id";

/*
 * The ids of what is carried follow from the receipts of what was refused, which nothing else has: whoever carries the
 * same once more, in another tab or after a crash, posts equal events.
 */

/** The `attempt`th conversation into which what begins with this refused message is carried. */
export const carriedConversationId = (first: Receipt, attempt: number): string =>
  derivedId(`fio carries conversation ${first} ${attempt}`);

export const carriedMessageId = (refused: Receipt): string => derivedId(`fio carries message ${refused}`);
