import { SettingError } from "@fio/service/env";
import type { Store } from "../store/connect.ts";
import {
  MOST_CUSTOMERS,
  conversationsOfContacts,
  findCustomers,
  type Customer,
} from "../store/queries/customers.ts";

/** Of a customer with more conversations it is only said that there are more. */
const MOST_COUNTED = 1_000;

/**
 * The one customer that each of these means, each once. Throws {@link SettingError} where one means nobody, or several: with
 * who they are, and by what to name one of them.
 */
export async function findEach(store: Store, asked: readonly string[]): Promise<Customer[]> {
  const found = new Map<string, Customer>();
  for (const who of asked) {
    const customers = await findCustomers(store.read, who);
    const [customer, ...others] = customers;
    if (customer === undefined)
      throw new SettingError(
        `no customer is found by ${who}: give an id as the sender says it, or a phone number with its area code`,
      );
    if (others.length > 0) {
      const many = customers.length > MOST_CUSTOMERS;
      throw new SettingError(
        [
          `${who} is ${many ? `more than ${MOST_CUSTOMERS}` : customers.length} customers; say which, by the key in front:`,
          ...(await describe(store, customers.slice(0, MOST_CUSTOMERS))),
        ].join("\n"),
      );
    }
    found.set(customer.person, customer);
  }
  return [...found.values()];
}

/** Lines for an operator: the key, what the customer is called, how many conversations they have, and their ids. */
export async function describe(store: Store, customers: readonly Customer[]): Promise<string[]> {
  const lines: string[] = [];
  for (const { contacts } of customers) {
    const [first] = contacts;
    if (first === undefined) continue;
    const names = [...new Set(contacts.flatMap(({ name }) => name ?? []))];
    const phones = [...new Set(contacts.flatMap(({ phone }) => phone ?? []))];
    const called = [...(names.length === 0 ? ["(no name)"] : names), ...phones].join(", ");
    const own = await conversationsOfContacts(store.read, {
      contacts: contacts.map(({ key }) => key),
      limit: MOST_COUNTED + 1,
    });
    const count = own.length > MOST_COUNTED ? `more than ${MOST_COUNTED}` : String(own.length);
    lines.push(
      `${first.key}  ${called}, conversations: ${count}`,
      ...contacts.map(({ channel, id }) => `    ${id} of ${channel}`),
    );
  }
  return lines;
}
