import { createHash } from "node:crypto";
import type { PostedEvent } from "@fio/contracts";
import { contentOf } from "../domain/index.ts";

/**
 * What `content_hash` holds: the same for equal events and for no others, 128 bits of SHA-256 in 22
 * characters. Nobody can make two events meet under one hash; if they did, a duplicate would be refused instead.
 */
export function contentHash(event: PostedEvent): string {
  return createHash("sha256").update(contentOf(event)).digest().subarray(0, 16).toString("base64url");
}
