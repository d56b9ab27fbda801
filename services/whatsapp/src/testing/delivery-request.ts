import { keyOf } from "@fio/service/secrets";
import { standardSignature } from "@fio/service/signature";

export type GivenDelivery = {
  id: string;
  conversation: string;
  text: string;
  secret: string;
  /** When it was written. */
  timestamp?: string;
  contact: object | null;
};

/** One of Fio's deliveries to this service, signed now. */
export function deliveryRequest({
  id,
  conversation,
  text,
  secret,
  timestamp = new Date().toISOString(),
  contact,
}: GivenDelivery): { method: "POST"; headers: Record<string, string>; body: string } {
  const key = keyOf(secret);
  if (key === null) throw new Error("the secret cannot be read");
  const body = JSON.stringify({
    type: "message.send",
    timestamp: new Date().toISOString(),
    data: {
      message: { id, content: text, timestamp, author: { id: "marina", name: "Marina Alves" } },
      conversation: { id: conversation },
      contact,
    },
  });
  return {
    method: "POST",
    headers: { "Content-Type": "application/json", ...standardSignature({ key, id, body, now: Date.now() }) },
    body,
  };
}

/** A customer of this number. */
export const customerOf = (number: string) => ({
  channel: `whatsapp:${number}`,
  id: "5511912345678",
  name: "Ana",
  phone: "+55 11 91234-5678",
});
