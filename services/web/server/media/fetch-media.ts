import type { IncomingMessage } from "node:http";
import { Transform, pipeline, type Readable } from "node:stream";
import { Forbidden, requestFile } from "./request-file.ts";

export type Fetched =
  | { kind: "file"; status: number; headers: IncomingMessage["headers"]; body: Readable }
  /** Whoever had it answers, and has it no more. */
  | { kind: "gone"; status: number }
  /** Nothing that may be fetched. */
  | { kind: "forbidden"; why: string }
  | { kind: "too_large" }
  /** No answer in time, or none at all. */
  | { kind: "failed" }
  /** As many are being fetched as may be. */
  | { kind: "busy" };

export type FetchMedia = (
  url: string,
  asked: { range: string | null; signal: AbortSignal },
) => Promise<Fetched>;

export type MediaLimits = { bytes: number; headMs: number; idleMs: number; wholeMs: number; open: number };

/** WhatsApp's own largest file has 100 MB. A browser that is left alone asks anew for what it still wants. */
export const MEDIA_LIMITS: MediaLimits = {
  bytes: 100 * 1024 * 1024,
  headMs: 10_000,
  idleMs: 30_000,
  wholeMs: 300_000,
  open: 32,
};

const REDIRECTS = 3;
const RANGE = /^bytes=\d{0,15}-\d{0,15}$/;

/**
 * Fetches files for agents from where their senders said they are. An address may come from anybody who may post: it leads
 * to https in the public internet alone, each step of a redirect too, and to `privateHosts` (`host` or `host:port`), which the
 * operator names.
 */
export function createFetchMedia({
  privateHosts,
  limits = MEDIA_LIMITS,
}: {
  privateHosts: readonly string[];
  limits?: MediaLimits;
}): FetchMedia {
  const named = new Set(privateHosts);
  let open = 0;

  async function follow(
    first: URL,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    let url = first;
    for (let step = 0; ; step += 1) {
      // Only the message itself may name such a host: a stranger's redirect may not.
      const trusted = named.has(url.host) && url.host === first.host;
      const answer = await requestFile(url, { headers, trusted, signal });
      const to = answer.headers.location;
      const status = answer.statusCode ?? 0;
      if (status < 300 || status > 399 || to === undefined) return answer;
      answer.destroy();
      if (step === REDIRECTS) throw new Forbidden("too many redirects");
      if (!URL.canParse(to, url)) throw new Forbidden("a redirect to nowhere");
      url = new URL(to, url);
    }
  }

  return async (address, { range, signal: asked }) => {
    if (open >= limits.open) return { kind: "busy" };
    open += 1;
    const late = new AbortController();
    const whole = setTimeout(() => late.abort(), limits.wholeMs);
    const head = setTimeout(() => late.abort(), limits.headMs);
    const end = (): void => {
      open -= 1;
      clearTimeout(whole);
    };
    try {
      const headers = {
        Accept: "*/*",
        "Accept-Encoding": "identity",
        "User-Agent": "Fio",
        ...(range !== null && RANGE.test(range) ? { Range: range } : {}),
      };
      const answer = await follow(new URL(address), headers, AbortSignal.any([asked, late.signal]));
      const status = answer.statusCode ?? 0;
      const refuse = (fetched: Fetched): Fetched => {
        answer.destroy();
        end();
        return fetched;
      };
      if (status >= 400 && status < 500 && status !== 429) return refuse({ kind: "gone", status });
      if (status !== 200 && status !== 206) return refuse({ kind: "failed" });
      if (Number(answer.headers["content-length"] ?? 0) > limits.bytes) return refuse({ kind: "too_large" });
      answer.setTimeout(limits.idleMs, () => answer.destroy(new Error("nothing came for a while")));
      const body = atMost(limits.bytes, asked);
      pipeline(answer, body, end);
      return { kind: "file", status, headers: answer.headers, body };
    } catch (error) {
      end();
      return error instanceof Forbidden ? { kind: "forbidden", why: error.message } : { kind: "failed" };
    } finally {
      clearTimeout(head);
    }
  };
}

/** Passes on so many bytes and fails at the next one; where whoever asked has ended it, it fails as that and not as broken. */
function atMost(bytes: number, asked: AbortSignal): Transform {
  let left = bytes;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      left -= chunk.length;
      if (left < 0) done(new Error("the file is too large"));
      else done(null, chunk);
    },
    destroy: (error, done) =>
      done(
        error !== null && asked.aborted ? new DOMException("ended by whoever asked", "AbortError") : error,
      ),
  });
}
