import { hubSignature } from "@fio/service/signature";

/* Webhooks in Meta's shape, written from what its documents say. */

export const APP_SECRET = "the secret of our app at Meta";
export const OUR_NUMBER = { display_phone_number: "551140001234", phone_number_id: "106540352242922" };
export const CHANNEL = "whatsapp:106540352242922";

export type Customer = { phone?: string; userId?: string; name?: string };
export const ANA: Customer = { phone: "5511912345678", name: "Ana Souza" };

/** Of one change. */
export const webhook = (value: object, field = "messages") => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "102290129340398",
      changes: [{ field, value: { messaging_product: "whatsapp", metadata: OUR_NUMBER, ...value } }],
    },
  ],
});

export const contactOf = ({ phone, userId, name }: Customer) => ({
  profile: { name },
  ...(phone === undefined ? {} : { wa_id: phone }),
  ...(userId === undefined ? {} : { user_id: userId }),
});

const fromOf = ({ phone, userId }: Customer) => ({
  ...(phone === undefined ? {} : { from: phone }),
  ...(userId === undefined ? {} : { from_user_id: userId }),
});

/** A message of a customer; `more` has its type and what goes with it, else it is text. */
export function received(
  id: string,
  {
    from = ANA,
    at = 1_764_000_000,
    text = "Olá!",
    more,
  }: { from?: Customer; at?: number | string; text?: string; more?: object } = {},
) {
  const message = {
    ...fromOf(from),
    id: `wamid.${id}`,
    timestamp: String(at),
    ...(more ?? { type: "text", text: { body: text } }),
  };
  return webhook({ contacts: [contactOf(from)], messages: [message] });
}

/** What the business wrote with the phone's own app. */
export const echo = (
  id: string,
  { to = ANA, at = 1_764_000_100, text = "Bom dia!" }: { to?: Customer; at?: number; text?: string } = {},
) =>
  webhook(
    {
      message_echoes: [
        {
          from: OUR_NUMBER.display_phone_number,
          to: to.phone,
          id: `wamid.${id}`,
          timestamp: at,
          type: "text",
          text: { body: text },
        },
      ],
    },
    "smb_message_echoes",
  );

export const statusOf = (
  id: string,
  status: string,
  { to = ANA, at = 1_764_000_200, more = {} }: { to?: Customer; at?: number | string; more?: object } = {},
) =>
  webhook({
    statuses: [{ id: `wamid.${id}`, status, timestamp: String(at), recipient_id: to.phone, ...more }],
  });

/** As Meta posts it. */
export async function postWebhook(
  url: string,
  body: unknown,
  { secret = APP_SECRET, path = "/whatsapp/meta" }: { secret?: string; path?: string } = {},
): Promise<Response> {
  const text = JSON.stringify(body);
  return fetch(`${url}${path}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...hubSignature({ key: Buffer.from(secret), body: text }),
    },
    body: text,
  });
}
