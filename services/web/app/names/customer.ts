import type { ContactRow } from "@fio/contracts";
import { handleOf, type Handle } from "@fio/contracts/handle";

/** `tail` tells those of one name apart; `phone` as it was given. */
export type Customer = Handle & { phone: string | null };

/**
 * What a conversation is called: by its customer's name and the last digits of the phone number, by that number alone, or,
 * where neither is known, by a name made of its id.
 */
export function customerOf(id: string, contact: ContactRow | undefined): Customer {
  const handle = handleOf(id);
  const { name = null, phone = null } = contact ?? {};
  const known = name ?? phone;
  if (known === null) return { ...handle, phone };
  const digits = name === null ? "" : (phone ?? "").replaceAll(/\D/gu, "");
  const tail = digits === "" ? handle.tail : digits.slice(-4);
  return { ...handle, name: known, tail, phone, initials: initialsOf(name) ?? known.slice(-2) };
}

/** Whether a customer writes on WhatsApp: the sender says so by the channel. */
export const isOnWhatsApp = (contact: Pick<ContactRow, "channel"> | undefined): boolean =>
  contact?.channel.startsWith("whatsapp:") === true;

/** Of the first word and the last, as far as they begin with letters. */
function initialsOf(name: string | null): string | null {
  const letters = [...(name ?? "").matchAll(/(?<![\p{L}\p{M}])\p{L}/gu)].map(([letter]) => letter);
  const ends = letters.length > 1 ? [letters[0], letters.at(-1)] : letters;
  return ends.length === 0 ? null : ends.join("").toUpperCase();
}
