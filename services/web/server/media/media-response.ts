import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { Media } from "@fio/contracts";
import type { Fetched } from "./fetch-media.ts";

/** What browsers show or play without running any of it: no SVG, no HTML, no PDF. */
const SHOWN = new Set([
  ...["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"],
  ...[
    "audio/ogg",
    "audio/mpeg",
    "audio/mp4",
    "audio/aac",
    "audio/amr",
    "audio/opus",
    "audio/wav",
    "audio/webm",
  ],
  ...["video/mp4", "video/3gpp", "video/webm", "video/ogg", "video/quicktime"],
]);

const STATUSES = { gone: 404, forbidden: 403, too_large: 413, failed: 502, busy: 503 } as const;

const typeOf = (said: string | undefined): string | null => {
  const type = (said ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return SHOWN.has(type) ? type : null;
};

/**
 * What a browser gets of a file: shown where it is of a kind that cannot run, else to be saved. Whatever it is, it gets no
 * rights of the app's.
 */
export function mediaResponse(fetched: Fetched, media: Media, { download }: { download: boolean }): Response {
  if (fetched.kind !== "file")
    return new Response(null, { status: STATUSES[fetched.kind], headers: { "Cache-Control": "no-store" } });
  const { status, headers, body } = fetched;
  // Stores of files that know no types say of all that it is a stream.
  const type = typeOf(headers["content-type"]) ?? typeOf(media.mime_type);
  const asFile = download || type === null;
  const passed = ["content-length", "content-range", "accept-ranges"] as const;
  return new Response(Readable.toWeb(body) as ReadableStream<Uint8Array> as BodyInit, {
    status,
    headers: {
      ...Object.fromEntries(
        passed.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
      ),
      "Content-Type": asFile ? "application/octet-stream" : type,
      "Content-Disposition": `${asFile ? "attachment" : "inline"}${fileName(media)}`,
      "Content-Security-Policy":
        "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
      // Of a customer: nothing of it stays in the browser.
      "Cache-Control": "no-store",
    },
  });
}

/** Folders, and signs that nobody sees: with what turns the reading around, `gpj.exe` looks like `exe.jpg`. */
const NOT_IN_NAMES = /[/\\\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** For headers, whose bytes are few: everything else is percent-encoded (RFC 8187). */
function fileName({ name }: Media): string {
  if (name === undefined) return "";
  const encoded = encodeURIComponent(name.replace(NOT_IN_NAMES, "_")).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `; filename*=UTF-8''${encoded}`;
}
