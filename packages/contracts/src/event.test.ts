import fc from "fast-check";
import { expect, test } from "vitest";
import { aheadMs, conversationIdOf, webhookEvent } from "./event.ts";
import { timestampOf, type Timestamp } from "./instants.ts";

const conversation = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";
const message = {
  type: "NEW_MESSAGE",
  timestamp: "2025-02-21T10:20:42.349308",
  data: {
    id: "49108c71-4dca-4af3-9f32-61bc745926e2",
    direction: "RECEIVED",
    content: "Olá, tudo bem?",
    conversation_id: conversation,
  },
};
const withContent = (content: unknown) => ({ ...message, data: { ...message.data, content } });
const accepts = (value: unknown): boolean => webhookEvent.safeParse(value).success;

test("an event is normalised: ids in lower case, the timestamp in UTC microseconds, unknown keys gone", () => {
  const posted = {
    ...message,
    timestamp: "2025-02-21T07:20:42.3493-03:00",
    data: { ...message.data, conversation_id: conversation.toUpperCase(), extra: 1 },
    trace: "abc",
  };
  expect(webhookEvent.parse(posted)).toEqual({ ...message, timestamp: "2025-02-21T10:20:42.349300Z" });
});

test("two writings of one event are equal once they are normalised", () => {
  const other = { ...message, timestamp: "2025-02-21T10:20:42.349308+00:00" };
  expect(webhookEvent.parse(other)).toEqual(webhookEvent.parse(message));
});

test("a normalised event is normalised to itself", () => {
  const once = webhookEvent.parse(message);
  expect(webhookEvent.parse(once)).toEqual(once);
});

test("each type names its conversation", () => {
  const creation = { type: "NEW_CONVERSATION", timestamp: message.timestamp, data: { id: conversation } };
  expect(conversationIdOf(webhookEvent.parse(message))).toBe(conversation);
  expect(conversationIdOf(webhookEvent.parse(creation))).toBe(conversation);
  expect(conversationIdOf(webhookEvent.parse({ ...creation, type: "CLOSE_CONVERSATION" }))).toBe(
    conversation,
  );
});

test("UUIDs of every version are ids, and nothing else is", () => {
  const withId = (id: unknown) => ({ ...message, data: { ...message.data, id } });
  fc.assert(fc.property(fc.uuid(), (id) => accepts(withId(id))));
  for (const id of ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]) {
    expect(accepts(withId(id))).toBe(true);
  }
  for (const id of [
    "",
    "6a41b3478d804ce984ba7af66f369f6a",
    `{${conversation}}`,
    `${conversation} `,
    1,
    null,
  ]) {
    expect(accepts(withId(id))).toBe(false);
  }
});

test("content is kept exactly as sent, whatever well-formed text it is", () => {
  const text = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((content) => !content.includes("\u0000") && content.isWellFormed());
  const samples = ["  leading", "trailing\n", "👩‍👩‍👧", "مرحبا", "é", "\r\n\t", "\uFEFFmark", "<b>&amp;"];
  const check = (content: string): void => {
    expect(webhookEvent.parse(withContent(content))).toMatchObject({ data: { content } });
  };
  samples.forEach(check);
  fc.assert(fc.property(text, check));
});

test.each([
  ["", false],
  ["x".repeat(65_536), true],
  ["x".repeat(65_537), false],
  ["😀".repeat(32_768), true],
  ["😀".repeat(32_769), false],
  ["a\u0000b", false],
  ["\ud83d", false],
  ["\ude00x", false],
  [5, false],
  [null, false],
])("content of 1 to 65,536 well-formed UTF-16 units without U+0000 is taken (case %#)", (content, taken) => {
  expect(accepts(withContent(content))).toBe(taken);
});

test("how far a timestamp is ahead of the clock is known to the millisecond", () => {
  const now = 1_740_133_242_349;
  expect(aheadMs(timestampOf(now + 300_001), now)).toBe(300_001);
  expect(aheadMs("0001-01-01T00:00:00.000000Z" as Timestamp, now)).toBeLessThan(0);
});

test("no value at all makes parsing throw", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      webhookEvent.safeParse(value);
    }),
  );
});
