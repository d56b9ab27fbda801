import type { IncomingHttpHeaders } from "node:http";
import type { Change } from "../inbound/reading/split.ts";

/** A webhook as it came. */
export type Webhook = {
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** As the provider called us, where that is signed too. */
  url: string;
};

/** Another way to WhatsApp is another one of these, and a line in the list of them. */
export type Provider = {
  /** The last part of its address, `/whatsapp/{name}`. */
  name: string;
  /** Why it is not believed, `null` when it is. What has no secret is not served at all. */
  refusal: (webhook: Webhook) => string | null;
  /** In Meta's shape; `null` for what cannot be read at all. */
  read: (webhook: Webhook) => Change[] | null;
};
