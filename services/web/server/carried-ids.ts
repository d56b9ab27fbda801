import { createHash } from "node:crypto";
import type { Receipt } from "@fio/contracts";

/*
 * The ids of what is carried follow from the receipts of what was refused, which nothing else has: whoever carries the
 * same once more, in another tab or after a crash, posts equal events.
 */

/** The `attempt`th conversation into which what begins with this refused message is carried. */
export const carriedConversationId = (first: Receipt, attempt: number): string =>
  derivedId(`conversation ${first} ${attempt}`);

export const carriedMessageId = (refused: Receipt): string => derivedId(`message ${refused}`);

/** A UUID of version 8: its bits are a hash's. */
function derivedId(name: string): string {
  const bytes = createHash("sha256").update(`fio carries ${name}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
