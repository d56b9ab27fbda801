import { timestampOf, type Timestamp, type WebhookEvent } from "@fio/contracts";
import { histories } from "../../faults/load/histories.ts";
import type { Random } from "../../support/random.ts";

const MINUTE_MS = 60_000;

/**
 * What senders posted to version 0.1.0: creations, messages and closes, nothing of customers or statuses. `aheadMs`: how far a
 * clock is ahead, where one is; then five minutes were allowed. Some texts hold a phone number.
 */
export function releasedHistories({
  random,
  now,
  aheadMs,
}: {
  random: Random;
  now: () => number;
  aheadMs: number;
}): { next: () => WebhookEvent } {
  const source = histories({ random, now });
  const numbers = new Map<string, string>();
  const next = (): WebhookEvent => {
    const event = source.next();
    const timestamp = withinMinutes(event.timestamp, now(), aheadMs);
    switch (event.type) {
      case "NEW_CONVERSATION":
        return { ...event, timestamp, data: { id: event.data.id } };
      case "NEW_MESSAGE": {
        const { content } = event.data;
        if (content !== "Preciso de ajuda") return { ...event, timestamp };
        // Equal events stay equal.
        const key = event.data.conversation_id;
        const number = numbers.get(key) ?? String(10_000_000 + random.int(90_000_000));
        numbers.set(key, number);
        return {
          ...event,
          timestamp,
          data: { ...event.data, content: `Ligue (11) 9${number.slice(0, 4)}-${number.slice(4)}` },
        };
      }
      case "CLOSE_CONVERSATION":
        return { ...event, timestamp };
      default:
        return next();
    }
  };
  return { next };
}

/** Those of a clock that is an hour ahead are brought near; with their microseconds. */
function withinMinutes(timestamp: Timestamp, now: number, aheadMs: number): Timestamp {
  const at = Date.parse(timestamp);
  if (at <= now + MINUTE_MS) return timestamp;
  const back = timestampOf(at - 60 * MINUTE_MS + aheadMs);
  return `${back.slice(0, 23)}${timestamp.slice(23)}` as Timestamp;
}
