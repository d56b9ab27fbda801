import { z } from "zod";
import { backoffMs, type Backoff } from "@fio/service/backoff";
import type { Reply } from "./graph.ts";

/** What is to be done about a message after an attempt. Of `again` and `failed` it is known that it did not arrive. */
export type Verdict =
  | { kind: "accepted"; wamid: string }
  /** It may have arrived: its statuses decide, and no second attempt does. */
  | { kind: "not_known"; detail: string }
  /** Later; `all`: so long nothing is sent from this number. */
  | { kind: "again"; afterMs: number; all: boolean; detail: string }
  /** Nothing can be sent from this number until somebody sees to it. */
  | { kind: "stopped"; afterMs: number; detail: string }
  /** `serious`: the next one will fail too unless somebody sees to the account. */
  | { kind: "failed"; detail: string; serious: boolean };

/** Meta's number for a refusal, `null` where something else answered. */
export const codeOf = (detail: string): string | null => /^\d+/.exec(detail)?.[0] ?? null;

/** To one customer too fast: the others are not concerned. */
const PAIR: Backoff = { firstMs: 4_000, longestMs: 5 * 60_000 };
/** Faster than the number may. */
const NUMBER: Backoff = { firstMs: 1_000, longestMs: 60_000 };
/** The account or the app has used up an allowance that is counted over an hour or a day. */
const ACCOUNT: Backoff = { firstMs: 30_000, longestMs: 10 * 60_000 };
/** Meta, or the way there, is in trouble. */
const TROUBLE: Backoff = { firstMs: 1_000, longestMs: 5 * 60_000 };
/** One message is tried at this distance while the number is stopped: whoever gave a new token need tell nobody. */
const STOPPED_MS = 60_000;

type Rule = "pair" | "number" | "account" | "trouble" | "unknown" | "stop" | "serious";

/** What is not named here concerns the message alone: it fails with its reason. */
const RULES: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  [131056, "pair"],
  [130429, "number"],
  [4, "account"],
  [80007, "account"],
  [2, "trouble"],
  [131000, "trouble"],
  [131016, "trouble"],
  [131057, "trouble"],
  [133004, "trouble"],
  // "API unknown" says of itself that it does not know.
  [1, "unknown"],
  [0, "stop"],
  [3, "stop"],
  [10, "stop"],
  [190, "stop"],
  // Meta restricts the number, for hours or for good: trying again makes it worse.
  [131048, "serious"],
  [33, "serious"],
  [368, "serious"],
  [131031, "serious"],
  [131042, "serious"],
  [131045, "serious"],
  [133010, "serious"],
]);

const envelope = z.object({
  error: z.object({
    code: z.number(),
    message: z.string().optional(),
    error_data: z.object({ details: z.string().optional() }).optional(),
  }),
});
const acceptance = z.object({ messages: z.array(z.object({ id: z.string().min(1) })).min(1) });
/** In UTF-16 units, of what Meta says about a refusal. */
const DETAIL_UNITS = 400;

/** `tries`: how often this message was refused before, `numberTries`: its number. */
export function verdictOn(
  reply: Reply,
  { tries, numberTries, random }: { tries: number; numberTries: number; random?: () => number },
): Verdict {
  const later = (backoff: Backoff, detail: string, asked: number | null = null): Verdict => ({
    kind: "again",
    all: backoff === NUMBER || backoff === ACCOUNT,
    afterMs: Math.max(
      backoffMs((backoff === NUMBER || backoff === ACCOUNT ? numberTries : tries) + 1, backoff, random),
      asked ?? 0,
    ),
    detail,
  });
  if (reply.kind === "unreached") return later(TROUBLE, reply.reason);
  if (reply.kind === "unanswered") return { kind: "not_known", detail: reply.reason };
  const { status, body, retryAfterMs } = reply;
  if (status >= 200 && status < 300) {
    const wamid = acceptance.safeParse(body).data?.messages[0]?.id;
    return wamid === undefined
      ? { kind: "not_known", detail: "an answer that cannot be read" }
      : { kind: "accepted", wamid };
  }
  const refusal = envelope.safeParse(body).data?.error;
  if (refusal === undefined) {
    // Something else answered. Of a gateway's 5xx nobody knows whether Meta has the message.
    const detail = `HTTP ${status}`;
    return status >= 500 || status === 408
      ? { kind: "not_known", detail }
      : later(status === 429 ? NUMBER : TROUBLE, detail, retryAfterMs);
  }
  const { code } = refusal;
  const said = refusal.error_data?.details ?? refusal.message ?? "";
  const detail = (said === "" ? `${code}` : `${code}: ${said}`)
    .replaceAll("\0", "")
    .slice(0, DETAIL_UNITS)
    .toWellFormed();
  const rule = RULES.get(code) ?? (code >= 200 && code <= 299 ? "stop" : null);
  switch (rule) {
    case "pair":
      return later(PAIR, detail, retryAfterMs);
    case "number":
      return later(NUMBER, detail, retryAfterMs);
    case "account":
      return later(ACCOUNT, detail, retryAfterMs);
    case "trouble":
      return later(TROUBLE, detail, retryAfterMs);
    case "unknown":
      return { kind: "not_known", detail };
    case "stop":
      return { kind: "stopped", afterMs: STOPPED_MS, detail };
    case "serious":
      return { kind: "failed", detail, serious: true };
    case null:
      return { kind: "failed", detail, serious: false };
  }
}
