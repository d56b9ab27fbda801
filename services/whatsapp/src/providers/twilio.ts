import { createHmac } from "node:crypto";
import { anyEqual } from "@fio/service/secrets";
import type { Change } from "../inbound/reading/split.ts";
import type { Provider } from "./provider.ts";

/** Twilio posts forms, one message or status each, and signs the address and the fields. */
export function twilioProvider({ authTokens }: { authTokens: readonly string[] }): Provider {
  return {
    name: "twilio",
    refusal: ({ headers, body, url }) => {
      const given = headers["x-twilio-signature"];
      const signed = `${url}${signedFields(formOf(body))}`;
      const known = authTokens.map((token) => createHmac("sha1", token).update(signed).digest());
      const isSigned = typeof given === "string" && anyEqual([Buffer.from(given, "base64")], known);
      return isSigned ? null : "X-Twilio-Signature does not match the address and the fields";
    },
    read: ({ body }) => {
      const form = formOf(body);
      return form.has("MessageSid") || form.has("SmsSid") ? [changeOf(form)] : null;
    },
  };
}

const formOf = (body: Buffer): URLSearchParams => new URLSearchParams(body.toString("utf8"));

/** Sorted by name, each name with its value behind it. */
const signedFields = (form: URLSearchParams): string =>
  [...new Set([...form.keys()].sort())]
    .map((name) => form.getAll(name).map((value) => `${name}${value}`))
    .flat()
    .join("");

const numberOf = (address: string | null): string | undefined =>
  address?.replace(/^whatsapp:\+?/, "") ?? undefined;

function changeOf(form: URLSearchParams): Change {
  const id = form.get("MessageSid") ?? form.get("SmsSid");
  const status = form.get("MessageStatus");
  const error = form.get("ErrorCode");
  if (status !== null && status !== "received") {
    const told = {
      id,
      status: status === "undelivered" ? "failed" : status,
      recipient_id: numberOf(form.get("To")),
      ...(error === null ? {} : { errors: [{ code: error, title: form.get("ErrorMessage") ?? undefined }] }),
    };
    const metadata = { phone_number_id: numberOf(form.get("From")) };
    return { field: "messages", value: { metadata, statuses: [told] } };
  }
  const from = numberOf(form.get("From"));
  return {
    field: "messages",
    value: {
      metadata: { phone_number_id: numberOf(form.get("To")) },
      contacts: [{ wa_id: from, profile: { name: form.get("ProfileName") } }],
      messages: [{ id, from, ...contentOf(form) }],
    },
  };
}

function contentOf(form: URLSearchParams): object {
  const body = form.get("Body") ?? "";
  const media = form.get("MediaUrl0");
  if (media !== null) {
    const kind = form.get("MediaContentType0") ?? "";
    const type = ["image", "video", "audio"].find((one) => kind.startsWith(`${one}/`)) ?? "document";
    return { type, [type]: { link: media, mime_type: kind, caption: body } };
  }
  const [latitude, longitude] = [form.get("Latitude"), form.get("Longitude")];
  if (latitude !== null && longitude !== null) {
    const [name, address] = [form.get("Label"), form.get("Address")];
    return { type: "location", location: { latitude, longitude, name, address } };
  }
  const chosen = form.get("ButtonText");
  if (chosen !== null) return { type: "button", button: { text: chosen } };
  return body === ""
    ? { type: form.get("MessageType") ?? "unknown", ...Object.fromEntries(form) }
    : { type: "text", text: { body } };
}
