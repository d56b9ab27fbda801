import { createHmac } from "node:crypto";

/** The header that signs a webhook's text as Meta and GitHub do. */
export function hubSignature(text: string, secret: string): Record<string, string> {
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : secret;
  return { "x-hub-signature-256": `sha256=${createHmac("sha256", key).update(text).digest("hex")}` };
}
