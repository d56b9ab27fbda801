import {
  conversationIdOf,
  isContactUpdate,
  receiptMilliseconds,
  type JobEvent,
  type Outcome,
  type Receipt,
} from "@fio/contracts";
import type { Tracing } from "@fio/service/tracing/tracing";

/** Of what a sender traces: what became of it, and how long it waited. Times in milliseconds since 1970. */
export function traceApplied(
  tracing: Tracing,
  {
    events,
    outcomes,
    began,
    committed,
  }: {
    events: readonly JobEvent[];
    outcomes: ReadonlyMap<Receipt, Outcome>;
    began: number;
    committed: number;
  },
): void {
  for (const { receipt, event, trace } of events) {
    if (trace === undefined) continue;
    const outcome = outcomes.get(receipt);
    const facts = {
      "messaging.system": "bullmq",
      "fio.receipt": receipt,
      "fio.event_type": event.type,
      "fio.transaction_events": events.length,
      "fio.waited_ms": Math.max(0, began - receiptMilliseconds(receipt)),
      ...(isContactUpdate(event) ? {} : { "fio.conversation_id": conversationIdOf(event) }),
      ...(outcome === undefined ? {} : { "fio.outcome": outcome.kind }),
      ...(outcome?.kind === "rejected" ? { "fio.reason": outcome.reason } : {}),
    };
    const span = tracing.begin({ name: "apply", kind: "consumer", parent: trace, at: began, facts });
    span.end({ at: committed });
  }
}
