import type { ContactSaid, ContactUpdate, Timestamp } from "@fio/contracts";
import type { Random } from "../../support/random.ts";

/** One person, by one of whose ids each conversation may name them. */
export type Customer = {
  said: () => ContactSaid;
  /** Something new about them; now and then that two of their ids are one person's. */
  update: (timestamp: Timestamp) => ContactUpdate;
};

/** How many write at a time, so that several conversations are one person's. */
const ACTIVE = 40;
const CHANNELS = ["whatsapp:551140001234", "whatsapp:551140005678"];
const NAMES = ["Ana", "Érica", "João", "Íris"];

/** Gives whoever writes next; new ones come while others stay away, so that ids are joined all the time. */
export function customers(random: Random): () => Customer {
  const active = Array.from({ length: ACTIVE }, () => customerOf(random));
  return () => {
    const index = random.int(ACTIVE);
    if (random.chance(0.03)) active[index] = customerOf(random);
    return active[index] as Customer;
  };
}

function customerOf(random: Random): Customer {
  const channel = random.pick(CHANNELS);
  const ids = [random.uuid(), random.uuid(), random.uuid()];
  // Few of each, so that much of what is said of one person is said again, by another conversation too.
  const names = Array.from({ length: 5 }, () => `${random.pick(NAMES)} ${random.int(1_000)}`);
  const phones = Array.from({ length: 3 }, () => `+55 11 9${10_000_000 + random.int(90_000_000)}`);
  /** Most say a field; some nothing of it, which leaves it, and some that it is not known, which clears it. */
  const field = <Key extends "name" | "phone">(
    key: Key,
    values: string[],
  ): { [is in Key]?: string | null } => {
    const kind = random.next();
    if (kind < 0.4) return {};
    return { [key]: kind < 0.5 ? null : random.pick(values) } as { [is in Key]?: string | null };
  };
  const said = (): ContactSaid => ({
    channel,
    id: random.pick(ids),
    ...field("name", names),
    ...field("phone", phones),
  });
  return {
    said,
    update: (timestamp) => ({
      type: "UPDATE_CONTACT",
      timestamp,
      data: { ...said(), ...(random.chance(0.15) ? { formerly: random.pick(ids) } : {}) },
    }),
  };
}
