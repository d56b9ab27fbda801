import { objectOf, objectsOf, textOf, type Json } from "../json.ts";
import type { Change } from "../inbound/reading/split.ts";
import { bearerRefusal } from "./bearer.ts";
import { jsonBody } from "./json-body.ts";
import type { Provider } from "./provider.ts";

/** Evolution, which speaks for a phone: one event each, of an instance that stands for our number. */
export function evolutionProvider({ tokens }: { tokens: readonly string[] }): Provider {
  return {
    name: "evolution",
    refusal: bearerRefusal(tokens),
    read: ({ body }) => {
      const parsed = jsonBody(body);
      return parsed === null ? null : [changeOf(parsed)];
    },
  };
}

function changeOf(event: Json): Change {
  const field = (textOf(event["event"]) ?? "unknown").toLowerCase().replaceAll("_", ".");
  const metadata = { phone_number_id: textOf(event["instance"]) ?? undefined };
  // One of them, or several.
  const data = [event["data"]].flat().map(objectOf);
  const at = textOf(event["date_time"]);
  switch (field) {
    case "messages.upsert":
    case "send.message":
      return { field, value: { metadata, ...messages(data) } };
    case "messages.update":
      return {
        field,
        value: { metadata, statuses: data.map((one) => statusOf(one, at)).filter((one) => one !== null) },
      };
    default:
      return { field, value: event };
  }
}

/** Who it is about: by number, or where that is hidden by an id; in a group by the group. */
function addressOf(key: Json): { phone?: string; id?: string; group?: string } {
  const [jid, other] = [textOf(key["remoteJid"]) ?? "", textOf(key["remoteJidAlt"]) ?? ""];
  if (jid.endsWith("@g.us")) return { group: jid };
  const number = [jid, other].find((one) => /^\d+(:\d+)?@s\.whatsapp\.net$/.test(one));
  const hidden = [jid, other].find((one) => one.endsWith("@lid"));
  return {
    ...(number === undefined ? {} : { phone: number.replace(/[:@].*$/, "") }),
    ...(hidden === undefined ? {} : { id: hidden }),
  };
}

function messages(data: readonly Json[]): { messages: Json[]; message_echoes: Json[]; contacts: Json[] } {
  const received: Json[] = [];
  const echoes: Json[] = [];
  const contacts: Json[] = [];
  for (const one of data) {
    const key = objectOf(one["key"]);
    const { phone, id, group } = addressOf(key);
    const isEcho = key["fromMe"] === true;
    const shared = {
      id: key["id"],
      timestamp: one["messageTimestamp"],
      ...(group === undefined ? {} : { group_id: group }),
      ...contentOf(one),
    };
    if (isEcho) echoes.push({ ...shared, to: phone, to_user_id: id });
    else {
      received.push({ ...shared, from: phone, from_user_id: id });
      contacts.push({ wa_id: phone, user_id: id, profile: { name: one["pushName"] } });
    }
  }
  return { messages: received, message_echoes: echoes, contacts };
}

const FILES = ["image", "video", "audio", "document", "sticker"];

/** As Meta writes it; what is not known stays as it came, under its own name. */
function contentOf(data: Json): Json {
  const message = objectOf(data["message"]);
  const text = textOf(message["conversation"]) ?? textOf(objectOf(message["extendedTextMessage"])["text"]);
  if (text !== null) return { type: "text", text: { body: text } };
  const kind = FILES.find((one) => message[`${one}Message`] !== undefined);
  if (kind !== undefined) {
    const file = objectOf(message[`${kind}Message`]);
    const { caption, mimetype, fileName, ptt, fileLength } = file;
    const link = textOf(message["mediaUrl"]) ?? undefined;
    const said = {
      caption,
      mime_type: mimetype,
      filename: fileName,
      voice: ptt,
      file_size: fileLength,
      link,
    };
    return { type: kind, [kind]: said };
  }
  const location = objectOf(message["locationMessage"]);
  if (location["degreesLatitude"] !== undefined) {
    const { degreesLatitude: latitude, degreesLongitude: longitude, name, address } = location;
    return { type: "location", location: { latitude, longitude, name, address } };
  }
  const reaction = objectOf(message["reactionMessage"]);
  if (Object.keys(reaction).length > 0) {
    return {
      type: "reaction",
      reaction: { message_id: objectOf(reaction["key"])["id"], emoji: reaction["text"] },
    };
  }
  const card = objectOf(message["contactMessage"]);
  const cards = objectsOf(objectOf(message["contactsArrayMessage"])["contacts"]);
  if (Object.keys(card).length > 0 || cards.length > 0) {
    const named = (cards.length > 0 ? cards : [card]).map((one) => ({
      name: { formatted_name: one["displayName"] },
    }));
    return { type: "contacts", contacts: named };
  }
  return { ...message, type: textOf(data["messageType"]) ?? undefined };
}

const STATUSES = new Map([
  ["SERVER_ACK", "sent"],
  ["DELIVERY_ACK", "delivered"],
  ["READ", "read"],
  ["PLAYED", "played"],
  ["ERROR", "failed"],
]);

/** `null` for what tells nothing of a message of ours. */
function statusOf(data: Json, at: string | null): Json | null {
  const key = { ...data, ...objectOf(data["key"]) };
  if (key["fromMe"] !== true) return null;
  const name = textOf(data["status"]) ?? textOf(objectOf(data["update"])["status"]) ?? "";
  const { phone, id } = addressOf(key);
  return {
    id: textOf(data["keyId"]) ?? key["id"],
    status: STATUSES.get(name) ?? name,
    timestamp: at === null || Number.isNaN(Date.parse(at)) ? undefined : Date.parse(at),
    recipient_id: phone,
    recipient_user_id: id,
  };
}
