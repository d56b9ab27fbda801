import type { AcceptedUpdate, ContactSaid, Receipt } from "@fio/contracts";
import { byReceipt, contentOf } from "./settle.ts";

/*
 * The law of contacts. What is said of one comes from updates and from creations that hold; of each field what was said
 * under the greatest receipt counts, in whatever order it came. Two ids that an update has joined are one person for good.
 */

/** What was said of a contact, and the receipt it counts at. */
export type Saying = { receipt: Receipt; said: Pick<ContactSaid, "name" | "phone"> };

export type Known = { name: string | null; phone: string | null };

/** Of each field what was said last, by receipt: what is absent says nothing, null clears. */
export function knownOf(sayings: readonly Saying[]): Known {
  const known: Known = { name: null, phone: null };
  for (const { said } of sayings.toSorted(byReceipt)) {
    if (said.name !== undefined) known.name = said.name;
    if (said.phone !== undefined) known.phone = said.phone;
  }
  return known;
}

/** Of equal updates the one with the lowest receipt counts. */
export function lowestOfEqual<Update extends AcceptedUpdate>(updates: readonly Update[]): Update[] {
  const lowest = new Map<string, Update>();
  for (const update of updates.toSorted(byReceipt)) {
    const content = contentOf(update.event);
    if (!lowest.has(content)) lowest.set(content, update);
  }
  return [...lowest.values()];
}

/**
 * Whose person each contact is: `persons` as they were, by key, and pairs of these keys that are the same person. A person goes by
 * the least key of its contacts, so that the order of joining says nothing.
 */
export function joinPersons(
  persons: ReadonlyMap<string, string>,
  pairs: ReadonlyArray<readonly [string, string]>,
): Map<string, string> {
  const joined = new Map(persons);
  for (const [one, other] of pairs) {
    const both = [joined.get(one) ?? one, joined.get(other) ?? other];
    const least = both.toSorted()[0] ?? one;
    for (const [key, person] of joined) if (both.includes(person)) joined.set(key, least);
  }
  return joined;
}
