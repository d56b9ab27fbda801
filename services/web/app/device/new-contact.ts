import type { ContactSaid } from "@fio/contracts";
import { ownName } from "./account.ts";
import { kept, useKept } from "./kept.ts";

/** Whom a conversation that is not begun yet will be with; `name` and `phone` as they are shown. */
export type NewContact = { channel: string; id: string; name: string | null; phone: string | null };

const chosen = kept<NewContact | null>({
  key: ownName("fio.new-contact"),
  read: (text) => {
    try {
      return text === null ? null : (JSON.parse(text) as NewContact);
    } catch {
      return null;
    }
  },
  write: (contact) => (contact === null ? null : JSON.stringify(contact)),
});

/** It outlives the page, as the text for the customer does. */
export const keepNewContact = (contact: NewContact | null): void => void chosen.set(contact);
export const newContact = (): NewContact | null => chosen.get();
export const useNewContact = (): NewContact | null => useKept(chosen, null);

/** As the creation says it: of a customer who is known nothing but who it is. */
export const saidOf = ({ channel, id, name, phone }: NewContact): ContactSaid =>
  name === null && phone !== null ? { channel, id, phone } : { channel, id };
