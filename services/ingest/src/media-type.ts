import type { IncomingHttpHeaders } from "node:http";
import { MIMEType } from "node:util";
import { problemOf, type Problem } from "@fio/contracts";

/** Why this body cannot be read, from its headers; `null` when it can. */
export function unsupportedMedia(headers: IncomingHttpHeaders): Problem | null {
  const unsupported = (detail: string): Problem => problemOf("UNSUPPORTED_MEDIA_TYPE", { detail });
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    return unsupported("Content-Encoding must be identity: send the body uncompressed");
  }
  const type = headers["content-type"];
  if (type === "application/json") return null;
  const parsed = mimeType(type);
  if (parsed?.essence !== "application/json") return unsupported("Content-Type must be application/json");
  const charset = parsed.params.get("charset");
  return charset === null || /^utf-?8$/i.test(charset) ? null : unsupported("the charset must be utf-8");
}

function mimeType(text: string | undefined): MIMEType | null {
  try {
    return text === undefined ? null : new MIMEType(text);
  } catch {
    return null;
  }
}
