import { receiptOf, timestampOf, type AcceptedEvent } from "@fio/contracts";
import { phrase } from "../../scripts/simulate/phrases.ts";
import { seeded } from "../../test/support/random.ts";

export type Long = { id: string; last: string; events: AcceptedEvent[] };

/**
 * A conversation of so many messages, one every 20 seconds until `until` (milliseconds since 1970); the same for the
 * same seed. `receipts` gives the next receipt, since no two conversations may share one.
 */
export function longConversation({
  seed,
  messages,
  until,
  receipts,
}: {
  seed: number;
  messages: number;
  until: number;
  receipts: () => number;
}): Long {
  const random = seeded(seed);
  const id = random.uuid();
  const began = until - (messages + 1) * 20_000;
  let last = "";
  const events: AcceptedEvent[] = [
    {
      receipt: receiptOf(receipts()),
      event: { type: "NEW_CONVERSATION", timestamp: timestampOf(began), data: { id } },
    },
  ];
  for (let index = 0; index < messages; index += 1) {
    last = random.uuid();
    const direction = random.chance(0.6) ? "RECEIVED" : "SENT";
    events.push({
      receipt: receiptOf(receipts()),
      event: {
        type: "NEW_MESSAGE",
        timestamp: timestampOf(began + (index + 1) * 20_000),
        data: {
          id: last,
          direction,
          content: phrase(direction, index, random.next),
          conversation_id: id,
        },
      },
    });
  }
  return { id, last, events };
}
