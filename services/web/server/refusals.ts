import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { problemOf, type Problem } from "@fio/contracts";
import type { AnswerOf } from "@fio/service/refused-requests";
import { securityHeaders } from "./headers.ts";

const METHODS = ["GET", "HEAD", "POST"];
/** The largest body that a page sends: the longest message, percent-encoded in a form, is 590 kB. */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Why a request is refused before the app sees it; `null` when it is not. A target that is no valid URL, or would
 * become one of another site, would otherwise fail deep inside, as an internal error.
 */
export function refusalOf(
  { method = "", url = "", headers }: IncomingMessage,
  { isOwnHost }: { isOwnHost: (host: string) => boolean },
): Problem | null {
  if (!METHODS.includes(method)) {
    return problemOf("METHOD_NOT_ALLOWED", { detail: `use ${METHODS.join(", ")}` });
  }
  if (!isHost(headers.host))
    return problemOf("MALFORMED_REQUEST", { detail: "the Host header is not valid" });
  if (!isOwnHost(headers.host))
    return problemOf("MISDIRECTED_REQUEST", { detail: "PUBLIC_URL names the address that agents use" });
  if (!isOwnPath(url)) return problemOf("MALFORMED_REQUEST", { detail: "the target must be a path" });
  if (!canBeDecoded(url)) return problemOf("MALFORMED_REQUEST", { detail: "the path cannot be decoded" });
  if (/[?&]_data=/.test(url)) {
    return problemOf("MALFORMED_REQUEST", { detail: "_data is not supported" });
  }
  if (Number(headers["content-length"] ?? 0) > MAX_BODY_BYTES) {
    return problemOf("BODY_TOO_LARGE", { detail: `the limit is ${MAX_BODY_BYTES} bytes` });
  }
  return null;
}

/** A name or an address with its port, and nothing that a URL would parse differently. */
const isHost = (host: string | undefined): host is string =>
  host !== undefined &&
  /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host) &&
  URL.canParse(`http://${host}`);

/**
 * Not an absolute URL, and not one without its scheme, as `/.//evil.example` is once it is resolved: browsers take a
 * backslash for a slash. A fragment never leaves a browser.
 */
const isOwnPath = (target: string): boolean =>
  /^\/(?![/\\])[^#]*$/.test(target) && !new URL(target, "http://own").pathname.startsWith("//");

/** The query may be anything: people write `100%` there. */
function canBeDecoded(target: string): boolean {
  try {
    return !decodeURIComponent(target.split("?", 1)[0] ?? "").includes("\0");
  } catch {
    return false;
  }
}

/** What a browser shows of a refusal, with all headers that pages have. */
export const refusalAnswer: AnswerOf = ({ code, title, detail }) => ({
  headers: {
    ...securityHeaders({ nonce: randomBytes(16).toString("base64") }),
    ...(code === "METHOD_NOT_ALLOWED" ? { Allow: METHODS.join(", ") } : {}),
    "Cache-Control": "no-store",
    "Content-Type": "text/plain; charset=utf-8",
  },
  text: detail === undefined ? `${title}.\n` : `${title}: ${detail}.\n`,
});

export function refuse(response: ServerResponse, problem: Problem): void {
  const { headers, text } = refusalAnswer(problem);
  response
    .writeHead(problem.status, {
      ...headers,
      ...(problem.status === 503 ? { "Retry-After": "2" } : {}),
      "Content-Length": Buffer.byteLength(text),
    })
    .end(text);
}
