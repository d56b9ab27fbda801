import { conversationIdOf, receiptOf, type AcceptedEvent, type AcceptedUpdate } from "@fio/contracts";
import { expect, test } from "vitest";
import { contactsOneByOne } from "../../../services/conversations/src/domain/testing/contacts.ts";
import { oneByOne } from "../../../services/conversations/src/domain/testing/reference.ts";
import { seeded } from "../../support/random.ts";
import { histories } from "../load/histories.ts";
import { contactsByReceipt, countingEvents } from "./contacts.ts";
import { outcomesByReceipt } from "./law.ts";

test("one pass in the order of receipts decides as the one-by-one reference does", () => {
  const random = seeded(20_250_221);
  const { next } = histories({ random, now: () => 1_740_133_241_000 });
  const events = Array.from({ length: 4_000 }, (_, index) => ({
    receipt: receiptOf(1_000 + index),
    event: next(),
  })).filter((one): one is AcceptedEvent => one.event.type !== "UPDATE_CONTACT");
  const kinds = new Set<string>();
  for (const history of Map.groupBy(events, ({ event }) => conversationIdOf(event)).values()) {
    const expected = oneByOne(history);
    for (const [{ receipt }, outcome] of outcomesByReceipt(random.shuffled(history))) {
      expect(outcome).toEqual(expected.get(receipt));
      kinds.add(outcome.kind === "rejected" ? outcome.reason : outcome.kind);
    }
  }
  expect([...kinds].toSorted()).toEqual([
    "CONVERSATION_ALREADY_CLOSED",
    "CONVERSATION_ALREADY_EXISTS",
    "CONVERSATION_CLOSED",
    "MESSAGE_ID_CONFLICT",
    "applied",
    "duplicate",
    "waiting",
  ]);
});

test("what is known of customers is what the one-by-one reference makes of their updates", () => {
  const random = seeded(20_250_221);
  const { next } = histories({ random, now: () => 1_740_133_241_000 });
  const updates = Array.from({ length: 4_000 }, (_, index) => ({
    receipt: receiptOf(1_740_133_242_000_000 + index),
    event: next(),
  })).filter((one): one is AcceptedUpdate => one.event.type === "UPDATE_CONTACT");
  const each = Map.groupBy(updates, ({ event }) => conversationIdOf(event)).values();
  const outcomes = new Map([...each].flatMap((some) => [...outcomesByReceipt(random.shuffled(some))]));
  const kinds = Map.groupBy(outcomes.values(), ({ kind }) => kind);
  expect([...kinds.keys()].toSorted()).toEqual(["applied", "duplicate"]);
  const known = contactsByReceipt(countingEvents(outcomes));
  expect(known).toEqual(contactsOneByOne(updates));
  expect([...known].filter(([key, { person }]) => key !== person).length).toBeGreaterThan(10);
});
