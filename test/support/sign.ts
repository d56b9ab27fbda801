import { keyOf } from "@fio/service/secrets";
import { hubSignature as sign } from "@fio/service/signature";

/** The header that signs a webhook's text as Meta and GitHub do, from the secret as it is written. */
export function hubSignature(text: string, secret: string): Record<string, string> {
  const key = keyOf(secret);
  if (key === null) throw new Error("the secret cannot be read");
  return sign({ key, body: text });
}
