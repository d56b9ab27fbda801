import { conversationIdOf, receiptOf, type AcceptedEvent } from "@fio/contracts";
import { expect, test } from "vitest";
import { oneByOne } from "../../../services/conversations/src/domain/testing/reference.ts";
import { seeded } from "../../support/random.ts";
import { histories } from "../load/histories.ts";
import { outcomesByReceipt } from "./law.ts";

test("one pass in the order of receipts decides as the one-by-one reference does", () => {
  const random = seeded(20_250_221);
  const { next } = histories({ random, now: () => 1_740_133_241_000 });
  const events = Array.from({ length: 4_000 }, (_, index): AcceptedEvent => ({
    receipt: receiptOf(1_000 + index),
    event: next(),
  }));
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
