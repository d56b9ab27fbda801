import {
  problemOf,
  type PostedType,
  type Problem,
  type Receipt,
  type Reply,
  type Result,
  type WebhookAnswer,
  type PostedEvent,
} from "@fio/contracts";

/** An answer: a body with its status, or a problem, which has its own. */
export type Answer =
  { kind: "body"; status: number; body: WebhookAnswer } | { kind: "problem"; problem: Problem };

/** To a sender that does not wait. */
export function acceptedAnswer({
  receipts,
  array,
}: {
  receipts: readonly Receipt[];
  array: boolean;
}): Answer {
  const body: WebhookAnswer = array
    ? { status: "accepted", receipts: [...receipts] }
    : { status: "accepted", receipt: receipts[0] as Receipt };
  return { kind: "body", status: 202, body };
}

/**
 * To a sender that waited. A single event's refusal is a problem, as every
 * other refusal is, and carries the receipt: that tells it from one that was never accepted.
 */
export function outcomeAnswer({
  events,
  receipts,
  array,
  replies,
}: {
  events: readonly PostedEvent[];
  receipts: readonly Receipt[];
  array: boolean;
  replies: ReadonlyArray<Reply | undefined>;
}): Answer {
  const results = receipts.map((receipt, index) => resultOf(receipt, replies[index]));
  const [first] = results;
  if (array || first === undefined) return { kind: "body", status: 200, body: { results } };
  if (first.status === "rejected") return { kind: "problem", problem: first.problem };
  return { kind: "body", status: statusOf(first.status, events[0]?.type), body: first };
}

function resultOf(receipt: Receipt, reply: Reply | undefined): Result {
  if (reply === undefined) return { status: "accepted", receipt };
  const { outcome, duplicateOf } = reply;
  const repeats = duplicateOf === undefined ? {} : { duplicate_of: duplicateOf };
  switch (outcome.kind) {
    case "applied":
      return { status: duplicateOf === undefined ? "applied" : "duplicate", receipt, ...repeats };
    case "waiting":
      return { status: "waiting", receipt, ...repeats };
    case "rejected": {
      const detail = outcome.detail === undefined ? {} : { detail: outcome.detail };
      return {
        status: "rejected",
        receipt,
        ...repeats,
        problem: problemOf(outcome.reason, { ...detail, receipt }),
      };
    }
    case "erased":
      return {
        status: "rejected",
        receipt,
        ...repeats,
        problem: problemOf("CONVERSATION_ERASED", { receipt }),
      };
  }
}

function statusOf(status: Exclude<Result["status"], "rejected">, type: PostedType | undefined): number {
  switch (status) {
    case "applied":
      return type === "NEW_CONVERSATION" || type === "NEW_MESSAGE" ? 201 : 200;
    case "duplicate":
      return 200;
    case "waiting":
    case "accepted":
      return 202;
  }
}
