import { expect, test } from "vitest";
import { timestampOf, type Account, type NewMessage } from "@fio/contracts";
import { writtenBy } from "./written-by.server.ts";

const ANA: Account = { id: "a", email: "ana@fio.example", name: "Ana", role: "agent" };
const message = (direction: "SENT" | "RECEIVED"): NewMessage => ({
  type: "NEW_MESSAGE",
  timestamp: timestampOf(0),
  data: { id: "m", direction, content: "oi", conversation_id: "c" },
});

test("an answer carries who is signed in, and nothing else does", () => {
  expect(writtenBy(message("SENT"), ANA).data).toMatchObject({ author: { id: "a", name: "Ana" } });
  expect(writtenBy(message("RECEIVED"), ANA)).toEqual(message("RECEIVED"));
  expect(writtenBy(message("SENT"), null)).toEqual(message("SENT"));
});
