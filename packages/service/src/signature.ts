import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { anyEqual } from "./secrets.ts";

const TOLERANCE_SECONDS = 5 * 60;

/** Who signed a request: the agents' own web app, or any other sender; `unsigned` only where nobody has to sign. */
export type Signer = "web" | "sender" | "unsigned";

export type Signature = { kind: "signed"; by: Signer } | { kind: "wrong"; detail: string };

/** `now` in milliseconds. */
export type Verifier = {
  /** Before the body is read: why no body could match these headers, `null` when one could. */
  checkHeaders: (headers: IncomingHttpHeaders, now: number) => string | null;
  check: (headers: IncomingHttpHeaders, body: Buffer, now: number) => Signature;
};

/**
 * Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`) or `X-Hub-Signature-256`, as Meta and
 * GitHub send it. Every key is valid, so that one can be rotated; without any for senders, everything is accepted, and
 * only what the web app signs is told apart. One of the signatures has to match: the body is hashed once for each key,
 * and the server's limit on headers bounds the rest.
 */
export function createVerifier({
  keys,
  webKeys = [],
}: {
  keys: readonly Buffer[];
  webKeys?: readonly Buffer[];
}): Verifier {
  const mustSign = keys.length > 0;
  const matches = (of: readonly Buffer[], { hub, standard }: Read, body: Buffer): boolean => {
    const fits = (given: readonly Buffer[], ...parts: ReadonlyArray<string | Buffer>): boolean =>
      anyEqual(
        given,
        of.map((key) => hmac(key, ...parts)),
      );
    if (hub !== null && fits([hub], body)) return true;
    return standard !== null && fits(standard.signatures, standard.signed, body);
  };
  return {
    checkHeaders: (headers, now) => {
      if (!mustSign) return null;
      const read = readHeaders(headers, now);
      return read.hub === null && read.standard === null ? read.fault : null;
    },
    check: (headers, body, now) => {
      if (!mustSign && webKeys.length === 0) return { kind: "signed", by: "unsigned" };
      const read = readHeaders(headers, now);
      if (matches(keys, read, body)) return { kind: "signed", by: "sender" };
      if (matches(webKeys, read, body)) return { kind: "signed", by: "web" };
      return mustSign ? { kind: "wrong", detail: read.fault } : { kind: "signed", by: "unsigned" };
    },
  };
}

/** Standard Webhooks headers over the exact bytes of the body. `now` in milliseconds. */
export function standardSignature({
  key,
  id,
  body,
  now,
}: {
  key: Buffer;
  id: string;
  body: string | Buffer;
  now: number;
}): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const signature = hmac(key, `${id}.${timestamp}.`, body).toString("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}

/** As {@link standardSignature} by each of several keys: whoever has one of them can check it, while it is rotated. */
export function standardSignatures({
  keys,
  ...signed
}: {
  keys: readonly Buffer[];
  id: string;
  body: string | Buffer;
  now: number;
}): Record<string, string> {
  const all = keys.map((key) => standardSignature({ key, ...signed }));
  return {
    ...all[0],
    "webhook-signature": all.map((headers) => headers["webhook-signature"]).join(" "),
  };
}

/** The header that signs a body as Meta and GitHub do. */
export const hubSignature = ({
  key,
  body,
}: {
  key: Buffer;
  body: string | Buffer;
}): Record<string, string> => ({
  "x-hub-signature-256": `sha256=${hmac(key, body).toString("hex")}`,
});

function hmac(key: Buffer, ...parts: ReadonlyArray<string | Buffer>): Buffer {
  const made = createHmac("sha256", key);
  for (const part of parts) made.update(part);
  return made.digest();
}

/** `fault`: why it is refused if no signature matches; the other fields hold the signatures that could match. */
type Read = {
  hub: Buffer | null;
  standard: { signed: Buffer; signatures: Buffer[] } | null;
  fault: string;
};

function readHeaders(headers: IncomingHttpHeaders, now: number): Read {
  const hubText = textOf(headers["x-hub-signature-256"]);
  const hex = /^sha256=([0-9a-fA-F]{64})$/.exec(hubText ?? "")?.[1];
  const hub = hex === undefined ? null : Buffer.from(hex, "hex");
  const given = textOf(headers["webhook-signature"]);
  const refused = (fault: string): Read => ({ hub, standard: null, fault });
  if (given === null) {
    return refused(
      hubText === null
        ? "send webhook-id, webhook-timestamp and webhook-signature, or X-Hub-Signature-256"
        : "X-Hub-Signature-256 does not match the body",
    );
  }
  const id = textOf(headers["webhook-id"]);
  const timestamp = textOf(headers["webhook-timestamp"]);
  if (id === null || timestamp === null) {
    return refused("webhook-signature also needs webhook-id and webhook-timestamp");
  }
  if (!/^\d{1,12}$/.test(timestamp)) return refused("webhook-timestamp must be whole seconds since 1970");
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) {
    return refused("webhook-timestamp is more than 5 minutes off");
  }
  const signatures = given
    .split(/\s+/)
    .flatMap((part) => /^v1,([A-Za-z0-9+/]{43}=?),?$/.exec(part)?.[1] ?? [])
    .map((text) => Buffer.from(text, "base64"));
  if (signatures.length === 0) return refused("webhook-signature contains no v1 signature of 32 bytes");
  // Node reads headers as Latin-1; the sender signed the raw bytes, mostly UTF-8.
  const signed = Buffer.from(`${id}.${timestamp}.`, "latin1");
  return { hub, standard: { signed, signatures }, fault: "webhook-signature does not match the body" };
}

const textOf = (value: string | string[] | undefined): string | null =>
  typeof value === "string" && value !== "" ? value : null;
