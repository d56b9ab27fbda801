import { MAX_DETAIL_UNITS } from "@fio/contracts/limits";
import type { DeliveryStatus, Direction, Media, Timestamp } from "@fio/contracts";
import { readCallbackData, type Sent } from "../../callback-data.ts";
import { contentOf } from "./content.ts";
import { historyConversationOf, messageIdOf } from "./ids.ts";
import { mediaOf } from "./media.ts";
import { objectOf, objectsOf, textOf, type Json } from "../../json.ts";
import { personOf, type Person } from "./person.ts";
import { phoneIdOf } from "./phone.ts";
import type { Item } from "./split.ts";
import { whenOf } from "./when.ts";

export type SaidMessage = {
  id: string;
  direction: Direction;
  content: string;
  timestamp: Timestamp;
  /** The file that it is about, if it is about one. */
  media?: Media;
};

/** What an item says of its person. */
export type Fact =
  | { kind: "message"; person: Person; message: SaidMessage }
  /** What the phone's own app had before: whole, and over. */
  | { kind: "history"; person: Person; conversationId: string; messages: SaidMessage[] }
  | { kind: "status"; person: Person | null; status: SaidStatus }
  /** `formerly`: another id of the same person. */
  | { kind: "contact"; person: Person; formerly: string | null; timestamp: Timestamp }
  /** Nothing that Fio knows how to show: kept as it came. */
  | { kind: "unread"; why: string };

export type SaidStatus = {
  /** What went out with the message, where Fio sent it; else the id that its echo has. */
  sent: Sent;
  ours: boolean;
  status: DeliveryStatus;
  timestamp: Timestamp;
  detail: string | null;
};

/** Total: whatever was sent becomes a fact. */
export function factOf(item: Item): Fact {
  const person = personOf(item);
  switch (item.kind) {
    case "message":
      return person === null ? nobody(item) : (changedId(item, person) ?? message(item, person, "RECEIVED"));
    case "echo":
      return person === null ? nobody(item) : message(item, person, "SENT");
    case "past":
    case "history":
      return person === null ? nobody(item) : history(item, person);
    case "status":
      return status(item, person);
    case "sync":
      return person === null || person.name === null
        ? unread(`${item.field}: ${textOf(item.raw["action"]) ?? "nothing"}`)
        : contact(item, person, null, objectOf(item.raw["metadata"])["timestamp"]);
    case "renaming": {
      const formerly = textOf(objectOf(item.raw["user_id"])["previous"]);
      return person === null ? nobody(item) : contact(item, person, formerly, item.raw["timestamp"]);
    }
    case "other":
      return unread(item.field);
  }
}

const unread = (why: string): Fact => ({ kind: "unread", why });
const nobody = (item: Item): Fact => unread(`${item.field}: nobody is named`);

function contact(item: Item, person: Person, formerly: string | null, timestamp: unknown): Fact {
  const other = formerly === person.id ? null : formerly;
  return { kind: "contact", person, formerly: other, timestamp: whenOf(timestamp, item.at) };
}

function message({ channel, raw, at }: Item, person: Person, direction: Direction): Fact {
  const id = textOf(raw["id"]);
  if (id === null) return unread("a message without an id");
  return { kind: "message", person, message: said(raw, { channel, id, direction, at, person }) };
}

function said(
  raw: Json,
  {
    channel,
    id,
    direction,
    at,
    person,
  }: { channel: string; id: string; direction: Direction; at: number; person: Person },
): SaidMessage {
  const from = person.id.startsWith("group:") ? textOf(raw["from"]) : null;
  const content = contentOf(raw);
  const media = mediaOf(raw);
  return {
    id: messageIdOf(channel, id),
    direction,
    content: from === null ? content : `${from}: ${content}`.slice(0, content.length + from.length + 2),
    timestamp: whenOf(raw["timestamp"], at),
    ...(media === null ? {} : { media }),
  };
}

/** A number or an id that is another one from now on; what else systems say is a message. */
function changedId(item: Item, old: Person): Fact | null {
  const system = objectOf(item.raw["system"]);
  if (item.raw["type"] !== "system") return null;
  const phone = phoneIdOf(textOf(system["new_wa_id"]) ?? textOf(system["wa_id"]));
  const id = phone ?? textOf(system["user_id"]);
  if (id === null || id === old.id) return null;
  const person = personOf({
    ...item,
    raw: { from: phone, from_user_id: textOf(system["user_id"]) },
    contact: {},
  });
  return person === null ? null : contact(item, person, old.id, item.raw["timestamp"]);
}

/** One thread of a history, or one file of it, which comes by itself. */
function history(item: Item, person: Person): Fact {
  const { channel, at, kind, raw } = item;
  const messages = (kind === "past" ? [raw] : objectsOf(raw["messages"])).flatMap((one) => {
    const id = textOf(one["id"]);
    if (id === null) return [];
    const direction = phoneIdOf(textOf(one["from"])) === person.id ? "RECEIVED" : "SENT";
    // The file of a message has the id of the line that stands for it in the thread.
    const own = kind === "past" ? `${id} file` : id;
    return [said(one, { channel, id: own, direction, at, person })];
  });
  messages.sort((one, other) => (byTime(one) < byTime(other) ? -1 : 1));
  const [first] = messages;
  if (first === undefined) return unread(`${item.field}: no messages`);
  const conversationId = historyConversationOf(channel, person.id, first.id);
  return { kind: "history", person, conversationId, messages };
}

const byTime = ({ timestamp, id }: SaidMessage): string => `${timestamp} ${id}`;

const STATUSES = new Map<string, DeliveryStatus>(
  Object.entries({
    sent: "SENT",
    delivered: "DELIVERED",
    read: "READ",
    played: "READ",
    failed: "FAILED",
  } as const),
);

function status({ channel, raw, at }: Item, person: Person | null): Fact {
  const id = textOf(raw["id"]);
  const name = textOf(raw["status"]);
  const known = STATUSES.get(name ?? "");
  if (known === undefined) return unread(`status ${name ?? "without a name"}`);
  const ours = readCallbackData(raw["biz_opaque_callback_data"]);
  if (ours === null && id === null) return unread("a status without an id");
  return {
    kind: "status",
    person,
    status: {
      sent: ours ?? { messageId: messageIdOf(channel, id ?? ""), conversationId: null },
      ours: ours !== null,
      status: known,
      timestamp: whenOf(raw["timestamp"], at),
      detail: detailOf(raw),
    },
  };
}

/** `131047: Re-engagement message`: the code first, by which the app knows what to say. */
function detailOf(raw: Json): string | null {
  const [error] = objectsOf(raw["errors"]);
  if (error === undefined) return null;
  const told = [
    textOf(error["code"]),
    textOf(objectOf(error["error_data"])["details"]) ?? textOf(error["title"]),
  ];
  const text = told.filter((part) => part !== null).join(": ");
  return text.slice(0, MAX_DETAIL_UNITS).toWellFormed() || null;
}
