import { createHash, timingSafeEqual } from "node:crypto";
import { list } from "./env.ts";

/**
 * The key of a secret: the base64 after `whsec_` (as Standard Webhooks writes them), or else its own bytes.
 * `null` when the part after `whsec_` is not base64.
 */
export function keyOf(secret: string): Buffer | null {
  if (!secret.startsWith("whsec_")) return Buffer.from(secret, "utf8");
  const text = secret.slice("whsec_".length);
  const key = Buffer.from(text, "base64");
  const same = key.toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "");
  return same && key.length > 0 ? key : null;
}

/** What is shorter can be tried out by whoever has seen one signature. */
const LEAST_BYTES = 16;
export const TOO_SHORT = `must have at least ${LEAST_BYTES} bytes each, e.g. of: openssl rand -hex 32`;

export const isLongEnough = (secret: string | Buffer): boolean => Buffer.byteLength(secret) >= LEAST_BYTES;

/** A setting of comma-separated secrets, as their keys; every one is valid, the first one signs. */
export const secretKeys = list.transform((secrets, context): Buffer[] => {
  const keys = secrets.map(keyOf);
  const refuse = (message: string): Buffer[] => {
    context.addIssue({ code: "custom", message });
    return [];
  };
  if (!keys.every((key) => key !== null)) return refuse("the part after whsec_ must be base64");
  return keys.every(isLongEnough) ? keys : refuse(TOO_SHORT);
});

/** A setting of comma-separated bearer tokens; every one is valid, the first one is sent. */
export const bearerTokens = list.refine((tokens) => tokens.every(isLongEnough), { message: TOO_SHORT });

/**
 * Compares all with all in constant time, so that the time says nothing about which was closest. Different lengths are
 * unequal.
 */
export function anyEqual(given: readonly Buffer[], known: readonly Buffer[]): boolean {
  let found = false;
  for (const one of given) {
    for (const other of known) {
      if (one.length === other.length && timingSafeEqual(one, other)) found = true;
    }
  }
  return found;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Says whether a token is one of these, in a time that depends neither on them nor on their length. */
export function tokenMatcher(tokens: readonly string[]): (token: string) => boolean {
  const known = tokens.map(digest);
  return (token) => anyEqual([digest(token)], known);
}
