import { hubSignature } from "../sign.ts";
import { failureOf, type MetaCode } from "./errors.ts";

/** Where Meta's webhooks go, and what signs them. */
export type Hook = { url: string; appSecret: string };

export type StatusName = "sent" | "delivered" | "read" | "failed";
/** One status of one message; `pricing` as Meta gives it with the first of them that costs. */
export type Status = {
  wamid: string;
  status: StatusName;
  /** In milliseconds; Meta tells whole seconds. */
  at: number;
  to: string;
  callbackData?: string | undefined;
  error?: MetaCode | undefined;
  pricing?: object | undefined;
};

const seconds = (milliseconds: number): string => String(Math.floor(milliseconds / 1000));

const envelope = (phoneNumberId: string, value: object): object => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "102290129340398",
      changes: [
        {
          field: "messages",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "551140001234", phone_number_id: phoneNumberId },
            ...value,
          },
        },
      ],
    },
  ],
});

/** The body of a webhook that tells of statuses. */
export const statusesBody = (phoneNumberId: string, statuses: readonly Status[]): object =>
  envelope(phoneNumberId, {
    statuses: statuses.map(({ wamid, status, at, to, callbackData, error, pricing }) => ({
      id: wamid,
      status,
      timestamp: seconds(at),
      recipient_id: to,
      ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
      ...(pricing === undefined ? {} : { pricing }),
      ...(error === undefined ? {} : { errors: [failureOf(error)] }),
    })),
  });

/** The body of a webhook that brings a customer's text. */
export const textBody = (
  phoneNumberId: string,
  { from, name, text, wamid, at }: { from: string; name: string; text: string; wamid: string; at: number },
): object =>
  envelope(phoneNumberId, {
    contacts: [{ profile: { name }, wa_id: from }],
    messages: [{ from, id: wamid, timestamp: seconds(at), type: "text", text: { body: text } }],
  });

/** Posts a webhook as Meta does, signed over its bytes; gives the answer's status. */
export async function postWebhook({ url, appSecret }: Hook, body: object): Promise<number> {
  const text = JSON.stringify(body);
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...hubSignature(text, appSecret) },
    body: text,
    signal: AbortSignal.timeout(20_000),
  });
  await answer.body?.cancel();
  return answer.status;
}
