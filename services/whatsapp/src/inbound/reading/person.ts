import { MAX_CONTACT_UNITS } from "@fio/contracts/limits";
import { shownPhone } from "@fio/contracts/phone-numbers";
import { objectOf, textOf, type Json } from "../../json.ts";
import { phoneIdOf } from "./phone.ts";
import type { Item } from "./split.ts";

/** Who an item is about. */
export type Person = {
  channel: string;
  /** By which Fio knows them: their phone number, and where that is not told the id that our business knows them by. */
  id: string;
  /** The other one, where both are told. */
  also: string | null;
  phone: string | null;
  name: string | null;
};

/** Under which keys an item of each kind names its person. */
const NAMED: Record<Item["kind"], { phones: readonly string[]; ids: readonly string[] }> = {
  message: { phones: ["from"], ids: ["from_user_id"] },
  past: { phones: ["from"], ids: ["from_user_id"] },
  echo: { phones: ["to"], ids: ["to_user_id"] },
  status: { phones: ["recipient_id"], ids: ["recipient_user_id"] },
  history: { phones: ["id"], ids: ["user_id"] },
  sync: { phones: [], ids: [] },
  renaming: { phones: ["wa_id"], ids: [] },
  other: { phones: [], ids: [] },
};

/** `null` where it is about nobody, or about somebody who is not named. */
export function personOf(item: Item): Person | null {
  const { kind, raw, contact, channel } = item;
  const group = textOf(raw["group_id"]);
  if (group !== null) return { channel, id: cut(`group:${group}`), also: null, phone: null, name: "Grupo" };
  if (kind === "sync") return synchronised(item);
  const first = (keys: readonly string[], from: Json): string | null =>
    keys.map((key) => textOf(from[key])).find((text) => text !== null) ?? null;
  const own = phoneIdOf(item.own);
  const told = NAMED[kind];
  const numbers = [first(told.phones, raw), ...(kind === "past" ? [textOf(raw["to"])] : [])];
  const [phone = null] = [...numbers, textOf(contact["wa_id"])]
    .map(phoneIdOf)
    .filter((number) => number !== null && number !== own);
  const userId = renamed(item) ?? first(told.ids, raw) ?? textOf(contact["user_id"]);
  const [id, also = null] = [phone, userId].filter((one) => one !== null).map(cut);
  if (id === undefined) return null;
  const profile = objectOf(contact["profile"]);
  return {
    ...{ channel, id, also },
    phone: phone === null ? null : shownPhone(phone),
    name: tidy(textOf(profile["name"]) ?? textOf(profile["username"])),
  };
}

/** A line of the phone's own address book. */
function synchronised({ channel, raw }: Item): Person | null {
  const told = objectOf(raw["contact"]);
  const phone = phoneIdOf(textOf(told["phone_number"]));
  if (phone === null) return null;
  const name = tidy(textOf(told["full_name"]) ?? textOf(told["first_name"]));
  return { channel, id: phone, also: null, phone: shownPhone(phone), name };
}

/** The new one of an id that has changed. */
const renamed = ({ kind, raw }: Item): string | null =>
  kind === "renaming" ? textOf(objectOf(raw["user_id"])["current"]) : null;

const cut = (text: string): string => text.slice(0, MAX_CONTACT_UNITS);

/** As every database can hold it; `null` where nothing is left. */
const tidy = (name: string | null): string | null =>
  cut(name?.replaceAll("\u0000", "").trim() ?? "").toWellFormed() || null;
