import { createHmac } from "node:crypto";

/**
 * Standard Webhooks headers over the exact bytes of the body. A secret `whsec_…` is base64, any other is taken as it
 * is written. `now` in milliseconds.
 */
export function signatureHeaders({
  secret,
  id,
  body,
  now,
}: {
  secret: string;
  id: string;
  body: string;
  now: number;
}): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const key = secret.startsWith("whsec_")
    ? Buffer.from(secret.slice("whsec_".length), "base64")
    : Buffer.from(secret, "utf8");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}
