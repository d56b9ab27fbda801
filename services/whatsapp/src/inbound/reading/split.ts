import { MAX_CONTACT_UNITS } from "@fio/contracts/limits";
import { channelOf } from "../../channel.ts";
import { objectOf, objectsOf, textOf, type Json } from "../../json.ts";

/** A change in Meta's shape, which every provider's webhooks are brought into. */
export type Change = { field: string; value: Json };

/** A channel has a word before it. */
const MOST_UNITS = MAX_CONTACT_UNITS - channelOf("").length;

const KINDS = {
  message: "messages",
  echo: "message_echoes",
  status: "statuses",
  history: "history",
  sync: "state_sync",
  renaming: "user_id_update",
} as const;
export type ItemKind = keyof typeof KINDS | "past" | "other";

/** One thing that a webhook tells of one person, as it came, and what stands beside it. */
export type Item = {
  kind: ItemKind;
  /** When it was accepted, in milliseconds since 1970. */
  at: number;
  channel: string;
  /** Our number as it is shown, in whatever way it is written. */
  own: string | null;
  field: string;
  raw: Json;
  /** Of the contacts in the webhook the one that it is about, if any is. */
  contact: Json;
  /** How often it was put off. */
  tries?: number;
};

/** Every change in every entry, item by item; a change that holds none of them is one by itself. */
export function split(changes: readonly Change[], at: number): Item[] {
  return changes.flatMap(({ field, value }) => {
    const metadata = objectOf(value["metadata"]);
    const shared = {
      at,
      field,
      channel: channelOf((textOf(metadata["phone_number_id"]) ?? "unknown").slice(0, MOST_UNITS)),
      own: textOf(metadata["display_phone_number"]),
    };
    const contacts = objectsOf(value["contacts"]);
    const items = Object.entries(KINDS).flatMap(([kind, key]): Item[] =>
      objectsOf(value[key]).flatMap((raw) => {
        const item = { ...shared, kind: kind as ItemKind, raw, contact: contactAmong(contacts, raw) };
        return item.kind === "history" ? threadsOf(item) : [past(item)];
      }),
    );
    return items.length > 0 ? items : [{ ...shared, kind: "other", raw: value, contact: {} }];
  });
}

/** What the media of a history hold comes by itself, as messages under the field of the history. */
const past = (item: Item): Item =>
  item.field === "history" && item.kind === "message" ? { ...item, kind: "past" } : item;

/** A history is about as many people as it has threads. */
function threadsOf(item: Item): Item[] {
  const threads = objectsOf(item.raw["threads"]);
  return threads.length === 0 ? [{ ...item, kind: "other" }] : threads.map((raw) => ({ ...item, raw }));
}

function contactAmong(contacts: readonly Json[], raw: Json): Json {
  const names = ["from", "from_user_id", "to", "to_user_id", "recipient_id", "recipient_user_id"]
    .map((key) => textOf(raw[key]))
    .filter((name) => name !== null);
  const isAbout = (contact: Json): boolean =>
    [textOf(contact["wa_id"]), textOf(contact["user_id"])].some(
      (name) => name !== null && names.includes(name),
    );
  return contacts.find(isAbout) ?? (contacts.length === 1 ? (contacts[0] as Json) : {});
}
