import {
  conversationIdOf,
  reasonToWait,
  type AcceptedEvent,
  type Outcome,
  type Receipt,
} from "@fio/contracts";
import fc from "fast-check";
import { CONVERSATIONS, deliveries, histories } from "./histories.ts";
import { contactsAsOneByOne } from "./contacts.ts";
import type * as law from "../index.ts";
import { ModelStore, type Law } from "./model.ts";
import { assignedOneByOne, oneByOne } from "./reference.ts";

/** How many events one transaction may take beside those that come: so few that steps are common, or all. */
const limits = fc.constantFrom(1, 2, 3, 1_000);
/** After each batch. */
const stepsTaken = fc.array(fc.nat({ max: 3 }), { minLength: 12, maxLength: 12 });

function takeSteps(store: ModelStore, count: number): void {
  for (let index = 0; index < count; index += 1) for (const id of store.unsettled()) store.step(id);
}

/** `settle` decides as the table does, read literally, in whatever order the events are given. */
function settlesAsTheTable({ settle }: Pick<typeof law, "settle">): fc.IProperty<unknown> {
  const shuffled = histories(1).chain((history) =>
    fc.shuffledSubarray(history, { minLength: history.length, maxLength: history.length }),
  );
  return fc.property(shuffled, (history) => {
    same("outcomes", settle(history), oneByOne(history));
  });
}

/**
 * After EVERY batch, and whatever steps were taken of those that are due, the store is what the receipts so far make it
 * as soon as the other steps are taken too, and whoever asks is told so.
 */
function appliesAsOneByOne(rules: Law): fc.IProperty<unknown> {
  return fc.property(deliveries(1), limits, stepsTaken, (batches, limit, steps) => {
    const store = new ModelStore(rules, limit);
    const soFar = new Map<Receipt, AcceptedEvent>();
    for (const [index, batch] of batches.entries()) {
      const told = store.apply(batch);
      for (const accepted of batch) soFar.set(accepted.receipt, accepted);
      const expected = oneByOne([...soFar.values()]);
      for (const { receipt } of batch) same("told", told.get(receipt), expected.get(receipt));
      checkStore(store.settled(), [...soFar.values()], expected);
      takeSteps(store, steps[index] ?? 0);
    }
  });
}

/**
 * With message ids shared by two conversations: nothing is lost, nothing is twice, and all but the shared ids is
 * as the table says. Who keeps a shared id may depend on the order of processing.
 */
function sharesMessageIds(rules: Law): fc.IProperty<unknown> {
  return fc.property(deliveries(2), limits, stepsTaken, (batches, limit, steps) => {
    const stepping = new ModelStore(rules, limit);
    for (const [index, batch] of batches.entries()) {
      stepping.apply(batch);
      takeSteps(stepping, steps[index] ?? 0);
    }
    const store = stepping.settled();
    const all = new Map(batches.flat().map((accepted) => [accepted.receipt, accepted]));
    for (const id of CONVERSATIONS) {
      const own = [...all.values()].filter(({ event }) => conversationIdOf(event) === id);
      for (const [receipt, outcome] of oneByOne(own)) {
        const accepted = all.get(receipt) as AcceptedEvent;
        const inStore = holds(store, accepted);
        const unapplied = store.unapplied.get(receipt)?.reason;
        if (refusedElsewhere(outcome, accepted, [...all.values()]) && unapplied === "MESSAGE_ID_CONFLICT") {
          same("refused and in the store at once", inStore, false);
        } else if (outcome.kind !== "applied") {
          same("unapplied", { inStore, unapplied }, { inStore: false, unapplied: unappliedReason(outcome) });
        } else if (!inStore) {
          same("lost", unapplied, "in the store");
        } else {
          same("applied and unapplied at once", unapplied, undefined);
        }
      }
    }
  });
}

/**
 * What failed by our own fault counts for nothing until it is tried again; then it counts at its own receipt, as if
 * it had never failed.
 */
function faultsCountForNothing(rules: Law): fc.IProperty<unknown> {
  const faults = fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 3 });
  return fc.property(deliveries(1), faults, limits, (batches, indexes, limit) => {
    const store = new ModelStore(rules, limit);
    const all = new Map(batches.flat().map((accepted) => [accepted.receipt, accepted]));
    const failed = [...all.values()].filter((_, index) => indexes.includes(index));
    const receipts = new Set(failed.map(({ receipt }) => receipt));
    for (const accepted of failed) store.keepAsFault(accepted);
    for (const batch of batches) store.apply(batch.filter(({ receipt }) => !receipts.has(receipt)));
    const others = [...all.values()].filter(({ receipt }) => !receipts.has(receipt));
    checkStore(store.settled(), others, oneByOne(others), receipts);
    for (const accepted of failed) store.apply([accepted]);
    checkStore(store.settled(), [...all.values()], oneByOne([...all.values()]));
  });
}

/** Every property of the law, with the words for what it promises. */
export const PROPERTIES: Array<{ promises: string; of: (rules: typeof law) => fc.IProperty<unknown> }> = [
  { promises: "settle decides as the table does, read literally", of: settlesAsTheTable },
  { promises: "after every batch the store is as if applied one by one", of: appliesAsOneByOne },
  {
    promises: "what failed by our own fault counts for nothing until it is tried again",
    of: faultsCountForNothing,
  },
  { promises: "message ids shared by two conversations are in the store once", of: sharesMessageIds },
];

/** Of the law of contacts, which asks nothing of the other. */
export const CONTACT_PROPERTIES: typeof PROPERTIES = [
  {
    promises: "of each contact what was said last counts, in whatever order it came",
    of: contactsAsOneByOne,
  },
];

/** Whether another conversation may have had this message id first, before or after a close of this one came. */
function refusedElsewhere(outcome: Outcome, { event }: AcceptedEvent, all: AcceptedEvent[]): boolean {
  if (event.type !== "NEW_MESSAGE") return false;
  if (outcome.kind !== "applied" && unappliedReason(outcome) !== "CONVERSATION_CLOSED") return false;
  return all.some(
    (other) =>
      other.event.type === "NEW_MESSAGE" &&
      other.event.data.id === event.data.id &&
      other.event.data.conversation_id !== event.data.conversation_id,
  );
}

function checkStore(
  store: ModelStore,
  events: AcceptedEvent[],
  expected: Map<Receipt, Outcome>,
  faults: ReadonlySet<Receipt> = new Set(),
): void {
  const expectedUnapplied = new Map<Receipt, string>(
    [...faults].map((receipt) => [receipt, "INTERNAL_ERROR"]),
  );
  for (const accepted of events) {
    const outcome = expected.get(accepted.receipt) as Outcome;
    const reason = unappliedReason(outcome);
    if (reason !== undefined) expectedUnapplied.set(accepted.receipt, reason);
    same("in the store", holds(store, accepted), outcome.kind === "applied");
  }
  const ids = new Set(events.map(({ event }) => conversationIdOf(event)));
  for (const id of ids) {
    const assigned = store.conversations.get(id)?.assigned ?? null;
    const own = events.filter(({ event }) => conversationIdOf(event) === id);
    const is = assigned === null ? null : JSON.stringify([assigned.receipt, assigned.agent]);
    same("assigned", is, assignedOneByOne(own, expected));
  }
  const unapplied = new Map([...store.unapplied.values()].map(({ receipt, reason }) => [receipt, reason]));
  same("unapplied", sorted(unapplied), sorted(expectedUnapplied));
}

/** Whether the store shows this very event, under its own receipt, as applied. */
function holds(store: ModelStore, { receipt, event }: AcceptedEvent): boolean {
  if (event.type === "NEW_MESSAGE") {
    const held = store.messages.get(event.data.id);
    return held?.receipt === receipt && JSON.stringify(held.event) === JSON.stringify(event);
  }
  if (event.type === "MESSAGE_STATUS") {
    return [...store.statuses.values()].some(
      (held) => held.receipt === receipt && JSON.stringify(held.event) === JSON.stringify(event),
    );
  }
  if (event.type === "ASSIGN_CONVERSATION") {
    return [...store.assignments.values()].some(
      (held) => held.receipt === receipt && JSON.stringify(held.event) === JSON.stringify(event),
    );
  }
  const record = store.conversations.get(event.data.id);
  const fact = event.type === "NEW_CONVERSATION" ? record?.created : record?.closed;
  const contact = event.type === "NEW_CONVERSATION" ? event.data.contact : undefined;
  return (
    fact?.receipt === receipt &&
    fact.timestamp === event.timestamp &&
    JSON.stringify(fact.contact) === JSON.stringify(contact)
  );
}

function unappliedReason(outcome: Outcome): string | undefined {
  if (outcome.kind === "waiting") return reasonToWait(outcome);
  return outcome.kind === "rejected" ? outcome.reason : undefined;
}

function sorted(map: Map<string, unknown>): Array<[string, unknown]> {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function same(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [actual, expected].map((value) =>
    JSON.stringify(value instanceof Map ? sorted(value as Map<string, unknown>) : value),
  );
  if (is !== should) throw new Error(`${what}: ${is}, but one by one it is ${should}`);
}
