import { deliveryRefusal } from "@fio/contracts";
import { standardSignatures } from "@fio/service/signature";

/** An attempt that takes longer counts as failed, although the receiver may have it: the next one has the same id. */
const TIMEOUT_MS = 10_000;
/** A refusal is read up to here. */
const MOST_BYTES = 64 * 1024;
/** In UTF-16 units: of what a receiver says, what is kept. */
const DETAIL_UNITS = 500;
const LONGEST_ASKED_MS = 60 * 60_000;

export type Receiver = { url: string; keys: readonly Buffer[]; timeoutMs?: number };

/** What the receiver made of a message. */
export type Answer =
  | { kind: "has_it" }
  /** It does not want this one, now or ever. */
  | { kind: "refused"; reason: string; detail: string | null }
  /** It did not take it; `retryAfterMs` as it asked. */
  | { kind: "not_now"; reason: string; detail: string | null; retryAfterMs: number | null };

/**
 * One attempt. Redirects are not followed: the address is the operator's, and nobody else says where messages go. Never
 * throws, but when `signal` ends it.
 */
export async function post(
  { url, keys, timeoutMs = TIMEOUT_MS }: Receiver,
  { id, body, signal, now = Date.now }: { id: string; body: string; signal: AbortSignal; now?: () => number },
): Promise<Answer> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...standardSignatures({ keys, id, body, now: now() }),
      },
      body,
      redirect: "manual",
      signal: AbortSignal.any([limit, signal]),
    });
    return await answerOf(response, now());
  } catch (error) {
    if (signal.aborted) throw error;
    if (limit.aborted) return notNow("time_out");
    return notNow("no_connection", causeOf(error));
  }
}

const notNow = (
  reason: string,
  detail: string | null = null,
  retryAfterMs: number | null = null,
): Answer => ({
  kind: "not_now",
  ...{ reason, detail, retryAfterMs },
});

async function answerOf(response: Response, now: number): Promise<Answer> {
  const { status } = response;
  if (status >= 200 && status < 300) {
    // The status says it all; what follows is not waited for.
    void response.body?.cancel().catch(() => {});
    return { kind: "has_it" };
  }
  const detail = await refusalIn(response);
  const reason = `http_${status}`;
  if (status >= 400 && status < 500 && status !== 429) return { kind: "refused", reason, detail };
  return notNow(reason, detail, retryAfter(response.headers.get("retry-after"), now));
}

/** Seconds or a date, as HTTP has it, at most an hour. */
function retryAfter(given: string | null, now: number): number | null {
  if (given === null) return null;
  const asked = /^\d+$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - now;
  return Number.isNaN(asked) ? null : Math.min(Math.max(asked, 0), LONGEST_ASKED_MS);
}

/** What the receiver says about it, cut; null where it says nothing that is understood. */
async function refusalIn(response: Response): Promise<string | null> {
  const text = await readSome(response).catch(() => "");
  try {
    const { error } = deliveryRefusal.parse(JSON.parse(text));
    const said = error.message === "" ? error.code : `${error.code}: ${error.message}`;
    return said.replaceAll("\0", "").slice(0, DETAIL_UNITS).toWellFormed();
  } catch {
    return null;
  }
}

async function readSome({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > MOST_BYTES) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** `ECONNREFUSED` and its like. */
function causeOf(error: unknown): string | null {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause ? String(cause.code) : null;
}
