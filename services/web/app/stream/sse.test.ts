import { expect, test } from "vitest";
import { createEventReader } from "./sse.ts";

const text =
  'retry: 1000\n: hello\n\nevent: message\nid: 5-0\ndata: {"a":1}\n\n: heartbeat\n\nevent: row\ndata: x\n\n';
const events = [
  { event: "message", id: "5-0", data: '{"a":1}' },
  { event: "row", id: null, data: "x" },
];

test("events are whole however the text is cut, and comments are none", () => {
  for (let size = 1; size <= text.length; size += 1) {
    const read = createEventReader();
    const found = [];
    for (let at = 0; at < text.length; at += size) found.push(...read(text.slice(at, at + size)));
    expect(found).toEqual(events);
  }
});

test("lines may end as on Windows", () => {
  expect(createEventReader()(text.replaceAll("\n", "\r\n"))).toEqual(events);
});
