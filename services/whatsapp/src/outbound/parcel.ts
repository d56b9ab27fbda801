import { messageToSend, millisecondsOf } from "@fio/contracts";
import { phoneNumberIdOf } from "../channel.ts";
import { parsedJson } from "../json.ts";

/** Longer texts Meta does not take. */
const MAX_TEXT = 4_096;
/** An id by which only this business knows a customer. */
const BUSINESS_SCOPED = /^[A-Z]{2}\.[A-Za-z0-9.]{1,128}$/;
const PHONE = /^\d{7,15}$/;

/** One message for one phone, as it waits in the queue. */
export type Parcel = {
  id: string;
  conversation: string;
  text: string;
  /** When it was written, in milliseconds. */
  writtenAt: number;
  to: { to: string } | { recipient: string };
};

export type Read =
  | { kind: "parcel"; number: string; parcel: Parcel }
  | { kind: "refused"; status: number; code: string; message: string };

const refused = (status: number, code: string, message: string): Read => ({
  kind: "refused",
  ...{ status, code, message },
});

/** What is to be sent, from which of our numbers; or why that cannot be, for good. */
export function readParcel(body: Buffer, { id, numbers }: { id: string; numbers: readonly string[] }): Read {
  const given = parsedJson(body.toString("utf8"));
  const type = typeof given === "object" && given !== null && "type" in given ? given.type : undefined;
  if (typeof type === "string" && type !== "message.send") {
    return refused(400, "UNKNOWN_TYPE", `${type} is not message.send`);
  }
  const parsed = messageToSend.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refused(400, "INVALID_DELIVERY", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
  }
  const { message, conversation, contact } = parsed.data.data;
  if (message.id !== id) return refused(400, "INVALID_DELIVERY", "webhook-id is not the message's id");
  if (contact === null) return refused(422, "NO_CONTACT", "the conversation has no customer to send to");
  const number = phoneNumberIdOf(contact.channel);
  if (number === null || !numbers.includes(number)) {
    return refused(422, "UNKNOWN_NUMBER", `${contact.channel} is none of WHATSAPP_NUMBERS`);
  }
  const to = addressOf(contact);
  if (to === null)
    return refused(422, "UNKNOWN_RECIPIENT", "the customer has neither a number nor an id at Meta");
  if (message.content === "") return refused(400, "INVALID_DELIVERY", "the message has no words");
  if (message.content.length > MAX_TEXT) {
    return refused(422, "TEXT_TOO_LONG", `WhatsApp takes at most ${MAX_TEXT} characters`);
  }
  return {
    kind: "parcel",
    number,
    parcel: {
      id,
      conversation: conversation.id,
      text: message.content,
      writtenAt: millisecondsOf(message.timestamp),
      to,
    },
  };
}

/** By the number where it is known: then Meta goes on telling it in its webhooks. */
function addressOf({ id, phone }: { id: string; phone: string | null }): Parcel["to"] | null {
  if (PHONE.test(id)) return { to: id };
  const digits = (phone ?? "").replace(/\D/g, "");
  if (!BUSINESS_SCOPED.test(id)) return null;
  return PHONE.test(digits) ? { to: digits } : { recipient: id };
}
