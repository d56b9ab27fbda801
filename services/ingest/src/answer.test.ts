import { expect, test } from "vitest";
import { postedEvent, type OwnOutcome, type Receipt, type RejectionReason, type Reply } from "@fio/contracts";
import { close, creation, message } from "../../../test/support/events.ts";
import { acceptedAnswer, outcomeAnswer } from "./answer.ts";

const receipt = "1740133242349308" as Receipt;
const earlier = "1740133242349300" as Receipt;
const id = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";
const act = {
  type: "RESOLVE_REJECTION",
  timestamp: "2025-02-21T10:20:42.349308",
  data: { receipt: earlier, conversation_id: id, how: "seen" },
};

function answerTo(posted: unknown, outcome: OwnOutcome | null, duplicateOf?: Receipt) {
  const repeats = duplicateOf === undefined ? {} : { duplicateOf };
  const reply: Reply | undefined = outcome === null ? undefined : { receipt, outcome, ...repeats };
  return outcomeAnswer({
    events: [postedEvent.parse(posted)],
    receipts: [receipt],
    array: false,
    replies: [reply],
  });
}

test.each([
  ["a creation", creation(id), 201],
  ["a message", message(id), 201],
  ["an agent's act", act, 200],
  ["a close", close(id), 200],
])("%s that was applied: %#", (_name, event, status) => {
  expect(answerTo(event, { kind: "applied" })).toEqual({
    kind: "body",
    status,
    body: { status: "applied", receipt },
  });
});

test("a repetition of what was applied is 200, and names the one that counts", () => {
  expect(answerTo(creation(id), { kind: "applied" }, earlier)).toEqual({
    kind: "body",
    status: 200,
    body: { status: "duplicate", receipt, duplicate_of: earlier },
  });
});

test.each<[RejectionReason, number]>([
  ["CONVERSATION_NOT_FOUND", 404],
  ["CONVERSATION_CLOSED", 400],
  ["CONVERSATION_ALREADY_CLOSED", 400],
  ["CONVERSATION_ALREADY_EXISTS", 409],
  ["MESSAGE_ID_CONFLICT", 409],
  ["INTERNAL_ERROR", 500],
])("a refusal for %s is a problem with status %i and the receipt", (reason, status) => {
  const problem = { code: reason, status, receipt, detail: "why" };
  for (const duplicateOf of [undefined, earlier]) {
    expect(answerTo(message(id), { kind: "rejected", reason, detail: "why" }, duplicateOf)).toMatchObject({
      kind: "problem",
      problem,
    });
  }
});

test("an event that waits for its conversation, or has no outcome yet, is 202", () => {
  expect(answerTo(message(id), { kind: "waiting" })).toMatchObject({
    status: 202,
    body: { status: "waiting" },
  });
  expect(answerTo(message(id), null)).toMatchObject({ status: 202, body: { status: "accepted", receipt } });
});

test("an array gets 200 and a result for each event, in its order, whatever became of them", () => {
  const receipts = [earlier, receipt];
  const events = [creation(id), message(id)].map((event) => postedEvent.parse(event));
  const rejected: Reply = { receipt, outcome: { kind: "rejected", reason: "MESSAGE_ID_CONFLICT" } };
  expect(outcomeAnswer({ events, receipts, array: true, replies: [undefined, rejected] })).toMatchObject({
    status: 200,
    body: {
      results: [
        { status: "accepted", receipt: earlier },
        { status: "rejected", receipt, problem: { code: "MESSAGE_ID_CONFLICT", status: 409 } },
      ],
    },
  });
});

test("a sender that does not wait gets a receipt, or one for each event of its array", () => {
  expect(acceptedAnswer({ receipts: [receipt], array: false })).toEqual({
    kind: "body",
    status: 202,
    body: { status: "accepted", receipt },
  });
  expect(acceptedAnswer({ receipts: [receipt], array: true })).toMatchObject({
    body: { receipts: [receipt] },
  });
});
