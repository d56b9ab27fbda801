import { CHANGES_FIELD } from "@fio/contracts";
import { expect, test } from "vitest";
import { entryFrom } from "./entry.ts";

const olderRow = {
  id: "6a41b347-8d80-4ce9-84ba-7af66f369f6a",
  state: "OPEN",
  created_at: "2025-02-21T10:20:41.349308Z",
  closed_at: null,
  version: 1,
  message_count: 0,
  last_message_at: null as string | null,
  last_message_preview: null,
  last_message_direction: null,
};

const sentRow = (conversation: object): Record<string, unknown> => {
  const fields = [CHANGES_FIELD, JSON.stringify([{ event: "conversation", conversation }])];
  const [row] = entryFrom("1-0", fields, { graceMs: 6_000 }).rows;
  const [data = ""] = /(?<=^data: ).*$/m.exec(row?.text ?? "") ?? [];
  return (JSON.parse(data) as { conversation: Record<string, unknown> }).conversation;
};

test.each([
  ["without messages stands at its creation", null, olderRow.created_at],
  ["with a later message at that", "2025-02-21T10:20:42.349308Z", "2025-02-21T10:20:42.349308Z"],
  ["with messages from before its creation at its creation", "2025-02-21T10:20:40Z", olderRow.created_at],
])("a row from a worker that knows no activity, %s", (_which, last_message_at, activity_at) => {
  expect(sentRow({ ...olderRow, last_message_at })).toEqual({
    ...olderRow,
    last_message_at,
    activity_at,
    waiting_since: null,
    last_received_receipt: null,
  });
});

test.each([
  ["in an open conversation waits", "OPEN", "RECEIVED", true],
  ["in a closed conversation does not", "CLOSED", "RECEIVED", false],
  ["who was answered does not", "OPEN", "SENT", false],
])("of a worker that does not say who waits, a customer %s", (_who, state, last_message_direction, waits) => {
  const last_message_at = "2025-02-21T10:20:42.349308Z";
  const row = sentRow({ ...olderRow, state, last_message_at, last_message_direction });
  expect(row).toMatchObject({ waiting_since: waits ? last_message_at : null, last_received_receipt: null });
});

test("a row that names all is sent as it is", () => {
  const named = { waiting_since: null, last_received_receipt: "1740133242349308" };
  const last = { last_message_at: "2025-02-21T10:20:42.349308Z", last_message_direction: "RECEIVED" };
  const row = { ...olderRow, ...last, ...named, activity_at: "2025-02-21T10:00:00.000000Z" };
  expect(sentRow(row)).toEqual(row);
});

test("what waits is told of with the time until it is reported, and no other kind takes its place", () => {
  const of = (what: string) => ({ event: "refusals", what, reported_in: 0 });
  const fields = [CHANGES_FIELD, JSON.stringify([of("waiting"), of("to_resolve"), of("other")])];
  const { rows, messages } = entryFrom("1-0", fields, { graceMs: 6_000 });
  expect(messages).toEqual([]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(3);
  expect(rows.map(({ text }) => JSON.parse(/(?<=^data: ).*$/m.exec(text)![0]) as object)).toEqual([
    { ...of("waiting"), reported_in: 6_000 },
    of("to_resolve"),
    of("other"),
  ]);
});
