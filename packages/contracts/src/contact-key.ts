// eslint-disable-next-line no-restricted-imports -- hashing is no I/O
import { createHash } from "node:crypto";

/** The UUID (version 8) by which a contact is kept, locked and placed: it follows from the channel and the id alone. */
export function contactKeyOf({ channel, id }: { channel: string; id: string }): string {
  const bytes = createHash("sha256")
    .update(JSON.stringify([channel, id]))
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
