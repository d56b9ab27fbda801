import { expect, test } from "vitest";
import type { Message, Rejection } from "@fio/contracts";
import type { Entry } from "../outbox/entry.ts";
import { allWritten } from "./all-written.ts";

const RECEIPT = "1778704860000000";
const message = {
  id: "1",
  direction: "RECEIVED",
  content: "Oi",
  timestamp: "2026-05-13T20:41:00.000000Z",
  receipt: RECEIPT,
};
const late = (id: string, direction: string, reason = "CONVERSATION_CLOSED") =>
  ({
    receipt: RECEIPT,
    reason,
    event: { type: "NEW_MESSAGE", data: { id, direction, content: `tarde ${id}` } },
  }) as unknown as Rejection;
const entry = (id: string, state: string) =>
  ({
    id,
    state,
    event: {
      timestamp: "2026-05-13T20:50:00.000000Z",
      data: { id, direction: "SENT", content: `a caminho ${id}` },
    },
  }) as Entry;

test("what came after the close and what is on its way is copied too, below the others and marked, each once", () => {
  const written = allWritten({
    messages: [message as Message],
    refused: [late("2", "RECEIVED"), late("3", "SENT"), late("9", "RECEIVED", "MESSAGE_ID_CONFLICT")],
    entries: [entry("1", "accepted"), entry("3", "refused"), entry("4", "queued"), entry("5", "invalid")],
  });
  expect(written.map(({ content, mark }) => [content, mark ?? null])).toEqual([
    ["Oi", null],
    ["tarde 2", "copy.late"],
    ["tarde 3", "copy.lateSent"],
    ["a caminho 4", "copy.onItsWay"],
    ["a caminho 5", "copy.unsent"],
  ]);
});
