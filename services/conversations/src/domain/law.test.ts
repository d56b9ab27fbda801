import fc from "fast-check";
import { expect, test } from "vitest";
import {
  receiptOf,
  type AcceptedEvent,
  type Media,
  type NewMessage,
  type Timestamp,
  type WebhookEvent,
} from "@fio/contracts";
import * as law from "./index.ts";
import { CONTACT_PROPERTIES, PROPERTIES } from "./testing/properties.ts";

const RUNS = Number(process.env["FIO_LAW_RUNS"] ?? 12_000);
const id = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";
const at = (second: number): Timestamp =>
  `2025-02-21T10:20:${String(second).padStart(2, "0")}.349308Z` as Timestamp;

const creation = (second = 0): WebhookEvent => ({
  type: "NEW_CONVERSATION",
  timestamp: at(second),
  data: { id },
});
const close = (second = 50): WebhookEvent => ({
  type: "CLOSE_CONVERSATION",
  timestamp: at(second),
  data: { id },
});
const message = (content: string, messageId = "49108c71-4dca-4af3-9f32-61bc745926e2"): NewMessage => ({
  type: "NEW_MESSAGE",
  timestamp: at(10),
  data: { id: messageId, direction: "RECEIVED", content, conversation_id: id },
});
const by = (authorId: string, name: string): WebhookEvent => {
  const written = message("Olá");
  return { ...written, data: { ...written.data, author: { id: authorId, name } } };
};

/** The outcomes of events accepted in this order, named shortly. */
function outcomes(...events: WebhookEvent[]): string[] {
  const accepted: AcceptedEvent[] = events.map((event, index) => ({ receipt: receiptOf(index + 1), event }));
  return [...law.settle(accepted).values()].map((outcome) => {
    if (outcome.kind === "rejected") return outcome.reason;
    if (outcome.kind === "waiting" && outcome.missing === "message") return "waiting for its message";
    return outcome.kind === "duplicate" ? `duplicate of ${Number(outcome.of)}` : outcome.kind;
  });
}

test("a conversation, its message and its close are applied", () => {
  expect(outcomes(creation(), message("Olá"), close())).toEqual(["applied", "applied", "applied"]);
});

test("an equal event is a duplicate of the one with the lowest receipt", () => {
  expect(outcomes(creation(), message("Olá"), message("Olá"), message("Olá"))).toEqual([
    "applied",
    "applied",
    "duplicate of 2",
    "duplicate of 2",
  ]);
});

test("an author is the same by the id, under whatever name, and no other", () => {
  expect(
    outcomes(creation(), by("ana", "Ana"), by("ana", "Ana Lima"), by("lia", "Ana"), message("Olá")),
  ).toEqual(["applied", "applied", "duplicate of 2", "MESSAGE_ID_CONFLICT", "MESSAGE_ID_CONFLICT"]);
});

test("a file is the same when all that is said of it is, and a message without one is another", () => {
  const withFile = (file: Media): WebhookEvent => {
    const sent = message("Foto");
    return { ...sent, data: { ...sent.data, media: file } };
  };
  const photo: Media = { kind: "image", url: "https://files.example.com/1", name: "a.jpg" };
  const inAnotherOrder: Media = { name: "a.jpg", url: "https://files.example.com/1", kind: "image" };
  expect(
    outcomes(
      creation(),
      withFile(photo),
      withFile(inAnotherOrder),
      withFile({ ...photo, url: "https://files.example.com/2" }),
      withFile({ ...photo, size: 0 }),
      message("Foto"),
    ),
  ).toEqual([
    "applied",
    "applied",
    "duplicate of 2",
    "MESSAGE_ID_CONFLICT",
    "MESSAGE_ID_CONFLICT",
    "MESSAGE_ID_CONFLICT",
  ]);
});

test("what makes a message without a file equal is what it always was", () => {
  expect(law.contentOf(message("Olá"))).toBe(
    `["NEW_MESSAGE","${at(10)}","49108c71-4dca-4af3-9f32-61bc745926e2","RECEIVED","Olá","${id}"]`,
  );
  expect(law.contentOf(by("ana", "Ana"))).toBe(
    `["NEW_MESSAGE","${at(10)}","49108c71-4dca-4af3-9f32-61bc745926e2","RECEIVED","Olá","${id}","ana"]`,
  );
});

test("without a creation everything waits", () => {
  expect(outcomes(message("Olá"), close())).toEqual(["waiting", "waiting"]);
});

test("when the creation comes, what waited counts at its own receipt", () => {
  expect(outcomes(message("Olá"), close(), creation())).toEqual(["applied", "applied", "applied"]);
});

test("another creation, another close and another text under the same id are refused", () => {
  expect(outcomes(creation(0), creation(1), message("Olá"), message("Oi"), close(50), close(51))).toEqual([
    "applied",
    "CONVERSATION_ALREADY_EXISTS",
    "applied",
    "MESSAGE_ID_CONFLICT",
    "applied",
    "CONVERSATION_ALREADY_CLOSED",
  ]);
});

test("a message after the close is refused, one received before it gets in", () => {
  expect(
    outcomes(
      creation(),
      message("antes"),
      close(),
      message("depois", "16b63b04-60de-4257-b1a1-20a5154abc6d"),
    ),
  ).toEqual(["applied", "applied", "applied", "CONVERSATION_CLOSED"]);
});

const status = (
  is: "SENT" | "FAILED" | "DELIVERED" | "READ",
  { second = 20, detail }: { second?: number; detail?: string } = {},
): WebhookEvent => ({
  type: "MESSAGE_STATUS",
  timestamp: at(second),
  data: {
    message_id: "49108c71-4dca-4af3-9f32-61bc745926e2",
    conversation_id: id,
    status: is,
    ...(detail === undefined ? {} : { detail }),
  },
});

test("statuses of a message are applied in any order, and one that is told twice is a duplicate whatever its detail", () => {
  expect(
    outcomes(
      creation(),
      status("READ"),
      message("Olá"),
      status("SENT"),
      status("FAILED", { detail: "131047" }),
      status("FAILED"),
      status("FAILED", { second: 21 }),
    ),
  ).toEqual(["applied", "applied", "applied", "applied", "applied", "duplicate of 5", "applied"]);
});

test("a close refuses no status, not even of a message that it refuses", () => {
  expect(outcomes(creation(), close(), message("Olá"), status("DELIVERED"))).toEqual([
    "applied",
    "applied",
    "CONVERSATION_CLOSED",
    "applied",
  ]);
});

test("a status waits for its conversation, and then for its message", () => {
  expect(outcomes(status("READ"))).toEqual(["waiting"]);
  expect(outcomes(status("READ"), creation())).toEqual(["waiting for its message", "applied"]);
});

test("an id that was refused after the close stays taken for another text", () => {
  expect(outcomes(creation(), close(), message("Olá"), message("Oi"))[3]).toBe("MESSAGE_ID_CONFLICT");
});

test.each([...PROPERTIES, ...CONTACT_PROPERTIES])(
  `$promises, in ${RUNS} histories`,
  { timeout: 120_000 },
  ({ of }) => {
    fc.assert(of(law), { numRuns: RUNS });
  },
);
