import { conversationIdOf, receiptOf, type AcceptedEvent, type WebhookEvent } from "@fio/contracts";
import { CONVERSATIONS } from "../../domain/testing/histories.ts";
import { ownIds } from "../../domain/testing/own-ids.ts";
import { oneByOne } from "../../domain/testing/reference.ts";
import type { Store } from "../connect.ts";
import { differences, holdingsOf, word } from "./fixture.ts";

let histories = 0;

/** Gives a history ids and receipts of its own, so that many can go through one store. */
export function placed(batches: readonly AcceptedEvent[][]): {
  conversations: string[];
  batches: AcceptedEvent[][];
} {
  const offset = 100n * BigInt((histories += 1));
  const { own, renamed } = ownIds();
  return {
    conversations: CONVERSATIONS.map(own),
    batches: batches.map((batch) =>
      batch.map(({ receipt, event }) => ({
        receipt: receiptOf(BigInt(receipt) + offset),
        event: renamed(event),
      })),
    ),
  };
}

/**
 * What differs between the store and the history applied one by one. Which of two conversations keeps a message id that
 * both use may depend on the order of processing; nothing else may.
 */
export async function faultsAfter(
  store: Store,
  { conversations, batches }: { conversations: string[]; batches: readonly AcceptedEvent[][] },
): Promise<string[]> {
  const all = [...new Map(batches.flat().map((accepted) => [accepted.receipt, accepted])).values()];
  const holdings = await holdingsOf(store, conversations);
  const expected = new Map(
    conversations.flatMap((id) => [...oneByOne(all.filter(({ event }) => conversationIdOf(event) === id))]),
  );
  for (const { receipt, event } of all) {
    const mayBeRefused = ["applied", "CONVERSATION_CLOSED"].includes(word(expected.get(receipt)));
    if (
      mayBeRefused &&
      holdings.unapplied.get(receipt)?.reason === "MESSAGE_ID_CONFLICT" &&
      isShared(event, all)
    ) {
      expected.set(receipt, { kind: "rejected", reason: "MESSAGE_ID_CONFLICT" });
    }
  }
  return differences(holdings, all, expected);
}

function isShared(event: WebhookEvent, all: readonly AcceptedEvent[]): boolean {
  return (
    event.type === "NEW_MESSAGE" &&
    all.some(
      ({ event: other }) =>
        other.type === "NEW_MESSAGE" &&
        other.data.id === event.data.id &&
        other.data.conversation_id !== event.data.conversation_id,
    )
  );
}
