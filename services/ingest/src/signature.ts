import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const TOLERANCE_SECONDS = 5 * 60;
/** A sender that rotates its secrets sends two or three; more would only cost us time. */
const MAX_SIGNATURES = 8;

/** `null` when one of the keys signed these bytes, else why it is refused. `now` in milliseconds. */
export type Verify = (headers: IncomingHttpHeaders, body: Buffer, now: number) => string | null;

/**
 * The key of a secret: the base64 after `whsec_` (as Standard Webhooks writes them), or else its own bytes.
 * `null` when it is neither.
 */
export function keyOf(secret: string): Buffer | null {
  if (!secret.startsWith("whsec_")) return Buffer.from(secret, "utf8");
  const text = secret.slice("whsec_".length);
  const key = Buffer.from(text, "base64");
  const same = key.toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "");
  return same && key.length > 0 ? key : null;
}

/**
 * Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`) or `X-Hub-Signature-256`, as Meta and
 * GitHub send it. Every key counts, so that one can be rotated; without any, all is taken unsigned.
 */
export function createVerifier({ keys }: { keys: readonly Buffer[] }): Verify {
  if (keys.length === 0) return () => null;
  return (headers, body, now) => {
    const standard = textOf(headers["webhook-signature"]);
    const hub = textOf(headers["x-hub-signature-256"]);
    if (standard === null && hub === null) {
      return "send webhook-id, webhook-timestamp and webhook-signature, or X-Hub-Signature-256";
    }
    if (hub !== null && matches(keys, [body], [hexSignature(hub)])) return null;
    if (standard === null) return "X-Hub-Signature-256 does not fit the body";
    const id = textOf(headers["webhook-id"]);
    const timestamp = textOf(headers["webhook-timestamp"]);
    if (id === null || timestamp === null) return "webhook-id and webhook-timestamp belong to the signature";
    if (!/^\d{1,12}$/.test(timestamp)) return "webhook-timestamp must be whole seconds since 1970";
    if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) {
      return "webhook-timestamp is more than 5 minutes off";
    }
    const signed = [Buffer.from(`${id}.${timestamp}.`, "utf8"), body];
    return matches(keys, signed, standardSignatures(standard))
      ? null
      : "webhook-signature does not fit the body";
  };
}

const textOf = (value: string | string[] | undefined): string | null =>
  typeof value === "string" && value !== "" ? value : null;

const hexSignature = (header: string): Buffer =>
  Buffer.from(/^sha256=([0-9a-fA-F]{64})$/.exec(header)?.[1] ?? "", "hex");

const standardSignatures = (header: string): Buffer[] =>
  header
    .split(" ")
    .slice(0, MAX_SIGNATURES)
    .filter((part) => part.startsWith("v1,"))
    .map((part) => Buffer.from(part.slice(3), "base64"));

/** Compares all with all, so that the time tells nothing about which key or signature was nearest. */
function matches(keys: readonly Buffer[], parts: readonly Buffer[], signatures: readonly Buffer[]): boolean {
  let found = false;
  for (const key of keys) {
    const hmac = createHmac("sha256", key);
    for (const part of parts) hmac.update(part);
    const expected = hmac.digest();
    for (const signature of signatures) {
      if (signature.length === expected.length && timingSafeEqual(signature, expected)) found = true;
    }
  }
  return found;
}
