import { createHmac, randomUUID } from "node:crypto";
import { keyOf } from "@fio/service/secrets";
import { standardSignature } from "@fio/service/signature";
import { hubSignature } from "../../support/sign.ts";
import type { SentEvent } from "../../support/events.ts";
import { written, type Headers } from "../support/raw.ts";
import { SECRETS } from "../support/target.ts";

const MINUTE = 60_000;
const secret = SECRETS.WEBHOOK_SECRETS;
const key = keyOf(secret) as Buffer;
const hmac = (algorithm: string, text: string, by: string | Buffer = key): Buffer =>
  createHmac(algorithm, by).update(text).digest();
const standard = (body: string, { at = Date.now(), by = key }: { at?: number; by?: Buffer } = {}) =>
  standardSignature({ key: by, id: randomUUID(), body, now: at });
const signature = (body: string): string => standard(body)["webhook-signature"] ?? "";

/** A post to ingest with its body as it is sent. */
export const post = (body: string, headers: Headers): Buffer =>
  written("POST", "/webhook/", { body, headers: { "content-type": "application/json", ...headers } });

/** Ways to sign what must not get in; each is given a body of its own. */
const FORGED: ReadonlyArray<[string, (body: string) => Headers]> = [
  ["no signature", () => ({})],
  ["no signature, from this machine by its headers", () => ({ "x-forwarded-for": "127.0.0.1" })],
  ["a session's cookie", () => ({ cookie: `fio_session=${"a".repeat(43)}` })],
  ["the api's token", () => ({ authorization: `Bearer ${SECRETS.API_TOKENS}` })],
  ["empty signatures", () => ({ "x-hub-signature-256": "", "webhook-signature": "" })],
  ["another secret", (body) => hubSignature(body, `${secret}.`)],
  [
    "an empty secret",
    (body) => ({ "x-hub-signature-256": `sha256=${hmac("sha256", body, "").toString("hex")}` }),
  ],
  ["the secret as whsec_", (body) => standard(body, { by: Buffer.from(secret, "base64") })],
  ["signed text that is longer", (body) => hubSignature(`${body} `, secret)],
  ["the signature of nothing", () => hubSignature("", secret)],
  ["SHA-1", (body) => ({ "x-hub-signature": `sha1=${hmac("sha1", body).toString("hex")}` })],
  ["SHA-1 as SHA-256", (body) => ({ "x-hub-signature-256": `sha256=${hmac("sha1", body).toString("hex")}` })],
  [
    "SHA-512 cut to length",
    (body) => ({ "x-hub-signature-256": `sha256=${hmac("sha512", body).toString("hex").slice(0, 64)}` }),
  ],
  [
    "in capitals by name",
    (body) => ({ "x-hub-signature-256": `SHA256=${hmac("sha256", body).toString("hex")}` }),
  ],
  ...[1, 2, 32, 63].map((cut): [string, (body: string) => Headers] => [
    `truncated by ${cut}`,
    (body) => ({
      "x-hub-signature-256": hubSignature(body, secret)["x-hub-signature-256"]?.slice(0, -cut) ?? "",
    }),
  ]),
  [
    "with a byte too many",
    (body) => ({ "x-hub-signature-256": `${hubSignature(body, secret)["x-hub-signature-256"]}00` }),
  ],
  [
    "with two joined",
    (body) => ({
      "x-hub-signature-256": `${hubSignature("x", secret)["x-hub-signature-256"]}, ${hubSignature(body, secret)["x-hub-signature-256"]}`,
    }),
  ],
  ["all zeros", () => ({ "x-hub-signature-256": `sha256=${"0".repeat(64)}` })],
  [
    "standard, truncated",
    (body) => ({ ...standard(body), "webhook-signature": signature(body).slice(0, 20) }),
  ],
  [
    "standard, version 1a",
    (body) => ({ ...standard(body), "webhook-signature": signature(body).replace("v1,", "v1a,") }),
  ],
  ["standard, no version", (body) => ({ ...standard(body), "webhook-signature": signature(body).slice(3) })],
  ["standard, another id", (body) => ({ ...standard(body), "webhook-id": randomUUID() })],
  ["standard, no id", (body) => ({ ...standard(body), "webhook-id": "" })],
  ["standard, no time", (body) => ({ ...standard(body), "webhook-timestamp": "" })],
  [
    "standard, another time",
    (body) => ({
      ...standard(body, { at: Date.now() - 20_000 }),
      "webhook-timestamp": String(Math.floor(Date.now() / 1_000)),
    }),
  ],
  [
    "standard, time in hexadecimal",
    (body) => ({
      ...standard(body),
      "webhook-timestamp": `0x${Math.floor(Date.now() / 1_000).toString(16)}`,
    }),
  ],
  ["standard, old: 6 minutes", (body) => standard(body, { at: Date.now() - 6 * MINUTE })],
  ["standard, old: a year", (body) => standard(body, { at: Date.now() - 365 * 24 * 60 * MINUTE })],
  ["standard, from the future", (body) => standard(body, { at: Date.now() + 6 * MINUTE })],
  [
    "standard, 300 wrong ones",
    (body) => ({
      ...standard(body),
      "webhook-signature": `v1,${hmac("sha256", "x").toString("base64")} `.repeat(300),
    }),
  ],
];

/** Each with a message that would be seen if it got in. */
export const forgedPosts = (event: () => SentEvent): Array<{ what: string; bytes: Buffer }> => [
  ...FORGED.map(([what, headers]) => {
    const body = JSON.stringify(event());
    return { what, bytes: post(body, headers(body)) };
  }),
  ...[
    ["changed by a byte", (body: string) => body.replace("RECEIVED", "RECEIVEd")],
    ["with a byte more", (body: string) => `${body}\n`],
    ["in an array", (body: string) => `[${body}]`],
  ].map(([what, changed]) => {
    const body = JSON.stringify(event());
    const bytes = post((changed as (body: string) => string)(body), hubSignature(body, secret));
    return { what: what as string, bytes };
  }),
];

/** Signed as it must be, at another time: replayed while it is fresh it repeats itself, later it is refused. */
export const signedAt = (body: string, at: number, headers: Headers = {}): Buffer =>
  post(body, { ...standard(body, { at }), ...headers });
