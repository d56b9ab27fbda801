import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { MIMEType } from "node:util";
import { problemOf, type Problem } from "@fio/contracts";
import { queueUnavailable } from "./unavailable.ts";

/** `gone`: the sender broke off, and nobody is left to answer. */
export type Body = { kind: "body"; bytes: Buffer } | { kind: "refused"; problem: Problem } | { kind: "gone" };

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

/** The raw bytes. `hold` takes room for each part; throws a 503 when there is none. */
export function readBody(
  request: IncomingMessage,
  { maxBytes, hold }: { maxBytes: number; hold: (bytes: number) => boolean },
): Promise<Body> {
  const tooLarge: Body = {
    kind: "refused",
    problem: problemOf("BODY_TOO_LARGE", { detail: `the limit is ${maxBytes} bytes` }),
  };
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return Promise.resolve(tooLarge);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (): void => {
      request.off("data", take).off("end", finish).off("close", gone);
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) {
        stop();
        resolve(tooLarge);
      } else if (!hold(chunk.length)) {
        stop();
        reject(queueUnavailable("too many bodies are being read"));
      } else chunks.push(chunk);
    };
    const finish = (): void => {
      stop();
      resolve({ kind: "body", bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) });
    };
    const gone = (): void => {
      stop();
      resolve({ kind: "gone" });
    };
    request.on("data", take).on("end", finish).on("close", gone);
    // A sender that breaks off is told by "close"; without a listener its error would end the process.
    request.on("error", () => {});
  });
}
