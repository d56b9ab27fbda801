import { contactKeyOf, receiptOf, type AcceptedUpdate, type Receipt, type Timestamp } from "@fio/contracts";
import fc from "fast-check";
import { byReceipt, contentOf } from "../settle.ts";
import type * as law from "../index.ts";
import type { Known, Saying } from "../contact.ts";
import { cutAnywhere } from "./histories.ts";

export type ContactLaw = Pick<typeof law, "joinPersons" | "knownOf" | "lowestOfEqual">;

const CHANNEL = "whatsapp:551140001234";
const IDS = ["1", "2", "3", "4"];
const TIMESTAMPS = ["2025-02-21T10:20:41.349308Z", "2025-02-21T10:20:41.349309Z"] as Timestamp[];

/** What is said of four ids: so few names that much of it is equal. */
const updates: fc.Arbitrary<AcceptedUpdate["event"]> = fc
  .record({
    timestamp: fc.constantFrom(...TIMESTAMPS),
    id: fc.constantFrom(...IDS),
    name: fc.constantFrom(undefined, null, "Ana", "Ana Souza"),
    phone: fc.constantFrom(undefined, null, "1111-1111"),
    formerly: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(...IDS) },
    ),
  })
  .map(({ timestamp, id, ...fields }) => ({
    type: "UPDATE_CONTACT",
    timestamp,
    // As it is parsed: no key where nothing is said.
    data: {
      channel: CHANNEL,
      id,
      ...Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined)),
    },
  }));

export const contactDeliveries: fc.Arbitrary<AcceptedUpdate[][]> = cutAnywhere(
  fc
    .array(updates, { minLength: 1, maxLength: 12 })
    .map((all) => all.map((event, index) => ({ receipt: receiptOf(1_740_133_242_000_000 + index), event }))),
);

type Contacts = Map<string, Known & { person: string }>;

/** Contacts in memory, kept as the store keeps them: of what was said of each only the last of each field is read. */
export class ModelContacts {
  readonly contacts: Contacts = new Map();
  readonly #sayings = new Map<string, Saying & { contact: string }>();
  readonly #law: ContactLaw;

  constructor(rules: ContactLaw) {
    this.#law = rules;
  }

  apply(batch: readonly AcceptedUpdate[]): void {
    const persons = new Map([...this.contacts].map(([key, { person }]) => [key, person]));
    const pairs: Array<readonly [string, string]> = [];
    for (const { event } of batch) {
      const { channel, id, formerly } = event.data;
      const keys = [id, formerly ?? id].map((one) => contactKeyOf({ channel, id: one }));
      for (const key of keys) if (!persons.has(key)) persons.set(key, key);
      if (formerly !== undefined) pairs.push([keys[0] ?? "", keys[1] ?? ""]);
    }
    for (const { receipt, event } of this.#law.lowestOfEqual(batch)) {
      const known = this.#sayings.get(contentOf(event));
      if (known !== undefined && known.receipt <= receipt) continue;
      this.#sayings.set(contentOf(event), { receipt, said: event.data, contact: contactKeyOf(event.data) });
    }
    const joined = this.#law.joinPersons(persons, pairs);
    for (const [key, person] of joined) {
      const own = [...joined].filter(([, one]) => one === person).map(([one]) => one);
      const latest = own.flatMap((one) => this.#latestOf(one));
      this.contacts.set(key, { person, ...this.#law.knownOf(latest) });
    }
  }

  #latestOf(contact: string): Saying[] {
    const own = [...this.#sayings.values()].filter((one) => one.contact === contact).toSorted(byReceipt);
    return (["name", "phone"] as const).flatMap(
      (field) => own.findLast(({ said }) => said[field] !== undefined) ?? [],
    );
  }
}

/** The same read literally, from all that was ever said, one by one. Written apart from the law on purpose. */
export function contactsOneByOne(all: readonly AcceptedUpdate[]): Contacts {
  const sorted = [...new Map(all.map((one) => [one.receipt, one])).values()].toSorted(byReceipt);
  const groups: Array<Set<string>> = [];
  for (const { event } of sorted) {
    const { channel, id, formerly } = event.data;
    const own = new Set([id, formerly ?? id].map((one) => contactKeyOf({ channel, id: one })));
    const [met, apart] = [true, false].map((is) =>
      groups.filter((group) => [...own].some((key) => group.has(key)) === is),
    );
    groups.splice(
      0,
      groups.length,
      ...(apart ?? []),
      new Set([...own, ...(met ?? []).flatMap((one) => [...one])]),
    );
  }
  const contacts: Contacts = new Map();
  for (const group of groups) {
    const known: Known = { name: null, phone: null };
    const seen: string[] = [];
    for (const { event } of sorted) {
      const { timestamp, data } = event;
      if (!group.has(contactKeyOf(data))) continue;
      const whole = JSON.stringify([timestamp, Object.entries(data).toSorted()]);
      if (seen.includes(whole)) continue;
      seen.push(whole);
      if ("name" in data) known.name = data.name ?? null;
      if ("phone" in data) known.phone = data.phone ?? null;
    }
    const person = [...group].toSorted()[0] ?? "";
    for (const key of group) contacts.set(key, { person, ...known });
  }
  return contacts;
}

const shown = (contacts: Contacts): string =>
  JSON.stringify([...contacts].toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** After every batch what is known of every contact is what the receipts so far make it. */
export const contactsAsOneByOne = (rules: ContactLaw): fc.IProperty<unknown> =>
  fc.property(contactDeliveries, (batches) => {
    const model = new ModelContacts(rules);
    const soFar = new Map<Receipt, AcceptedUpdate>();
    for (const batch of batches) {
      model.apply(batch);
      for (const one of batch) soFar.set(one.receipt, one);
      const [is, should] = [shown(model.contacts), shown(contactsOneByOne([...soFar.values()]))];
      if (is !== should) throw new Error(`contacts: ${is}, but one by one ${should}`);
    }
  });
