import { expect, test } from "vitest";
import { storyOf } from "../store/testing/fixture.ts";
import { readJob } from "./read-job.ts";

const { id, created, message, resolved, under } = storyOf();
const good = created(1);
const bad = (event: unknown) => ({ receipt: under(2), event });

test("good events are read as they are, with who waits for them", () => {
  const events = [good, { ...message(2), reply: "ingest-1" }];
  expect(readJob({ v: 1, events })).toEqual({ events, malformed: [], unreadable: null, newer: null });
});

test("what an agent did is read, and kept when it names what it is about", () => {
  const act = resolved(4, 3, { carriedTo: id });
  expect(readJob({ v: 1, events: [act] }).events).toEqual([act]);
  const event = { ...act.event, data: { ...act.event.data, conversation_id: id.toUpperCase(), how: "?" } };
  expect(readJob({ v: 1, events: [bad(event)] })).toMatchObject({
    malformed: [{ accepted: { event: { ...event, data: { ...event.data, conversation_id: id } } } }],
    unreadable: null,
  });
});

test("an event that names its subject can be kept, and its neighbours are read", () => {
  const event = { ...message(3).event, timestamp: "2025-02-30T10:20:41Z" };
  const { events, malformed, unreadable } = readJob({
    v: 1,
    events: [good, { ...bad(event), reply: "ingest-1" }],
  });
  expect([events, unreadable]).toEqual([[good], null]);
  expect(malformed).toEqual([
    {
      accepted: { receipt: under(2), event },
      reply: "ingest-1",
      detail: expect.stringMatching(/^malformed: timestamp: must be a real date/) as string,
    },
  ]);
});

test("what is kept is found under its ids in lower case", () => {
  const event = { type: "CLOSE_CONVERSATION", data: { id: id.toUpperCase() }, more: 1 };
  expect(readJob({ v: 1, events: [bad(event)] }).malformed[0]?.accepted.event).toEqual({
    ...event,
    data: { id },
  });
});

test.each([
  ["a version that never was", { v: 0, events: [good] }],
  ["no events", { v: 1, events: [] }],
  ["nothing", undefined],
  ["a text", "events"],
])("%s is unreadable as a whole", (_name, data) => {
  const { events, malformed, unreadable } = readJob(data);
  expect([events, malformed, unreadable === null]).toEqual([[], [], false]);
});

test("of a job of a later version nothing is read: whoever knows it is to have it", () => {
  expect(readJob({ v: 2, anything: [good] })).toEqual({
    ...{ events: [], malformed: [], unreadable: null, newer: 2 },
  });
});

test.each([
  ["a receipt of 15 digits", { receipt: "123456789012345", event: good.event }],
  ["an unknown type", bad({ type: "REOPEN_CONVERSATION", data: { id } })],
  ["an id that is none", bad({ type: "CLOSE_CONVERSATION", data: { id: "1" } })],
  ["a message of no conversation", bad({ type: "NEW_MESSAGE", data: { id } })],
  ["a number", 7],
])("%s is unreadable, its neighbours are read", (_name, item) => {
  const { events, malformed, unreadable } = readJob({ v: 1, events: [item, good] });
  expect([events, malformed, unreadable === null]).toEqual([[good], [], false]);
});

test("what is said of a fault holds no content", () => {
  const event = { ...message(3, { content: "segredo" }).event, timestamp: "segredo" };
  expect(JSON.stringify(readJob({ v: 1, events: [bad(event)] }).malformed[0]?.detail)).not.toContain(
    "segredo",
  );
});
