import { contactKeyOf, type ContactSaid, type ContactUpdate, type Outcome } from "@fio/contracts";
import type { AcceptedSent } from "../load/journal.ts";
import type { Snapshot, StoredContact } from "../rig/store/snapshot.ts";
import { wrong, type Violation } from "./violation.ts";

/** What the store knows of each customer, held against all that was accepted and counts: nothing older may come back. */
export function contactViolations(
  counting: readonly AcceptedSent[],
  { contacts }: Pick<Snapshot, "contacts">,
): Violation[] {
  const all = contactsByReceipt(counting);
  const keys = new Set([...all.keys(), ...contacts.keys()]);
  return [...keys].flatMap((key) => {
    // A creation that was displaced may leave a contact of which nothing is known.
    const should = all.get(key) ?? { name: null, phone: null, person: key };
    const is = contacts.get(key);
    return FIELDS.flatMap((field) =>
      is?.[field] === should[field]
        ? []
        : [wrong(`contact ${key}: ${field} is ${is?.[field]}, by what was said last ${should[field]}`)],
    );
  });
}

const FIELDS = ["name", "phone", "person"] as const;

/** Creations and updates that hold. */
export const countingEvents = (outcomes: ReadonlyMap<AcceptedSent, Outcome>): AcceptedSent[] =>
  [...outcomes].flatMap(([accepted, { kind }]) => (kind === "applied" ? [accepted] : []));

type Said = ContactSaid & Pick<ContactUpdate["data"], "formerly">;

/** The rule as it is written: of each field what was said last of any id of the person, by receipt. */
export function contactsByReceipt(counting: readonly AcceptedSent[]): Map<string, StoredContact> {
  const sayings = counting
    .toSorted((a, b) => (a.receipt < b.receipt ? -1 : 1))
    .flatMap(({ event }) => saidIn(event));
  const persons = new Map<string, string[]>();
  const idsOf = (key: string): string[] => persons.get(key) ?? [key];
  for (const said of sayings) {
    const own = contactKeyOf(said);
    const former = said.formerly === undefined ? own : contactKeyOf({ ...said, id: said.formerly });
    const ids = [...new Set([...idsOf(own), ...idsOf(former)])].toSorted();
    for (const key of ids) persons.set(key, ids);
  }
  const known = new Map<string, StoredContact>();
  for (const ids of new Set(persons.values())) {
    const contact: StoredContact = { name: null, phone: null, person: ids[0] ?? "" };
    for (const key of ids) known.set(key, contact);
  }
  for (const said of sayings) {
    const contact = known.get(contactKeyOf(said));
    if (contact === undefined) continue;
    if (said.name !== undefined) contact.name = said.name;
    if (said.phone !== undefined) contact.phone = said.phone;
  }
  return known;
}

function saidIn(event: AcceptedSent["event"]): Said[] {
  if (event.type === "UPDATE_CONTACT") return [event.data];
  return event.type === "NEW_CONVERSATION" && event.data.contact !== undefined ? [event.data.contact] : [];
}
