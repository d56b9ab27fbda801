import { Registry } from "prom-client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CHANGES_FIELD, type Change } from "@fio/contracts";
import { removalChange, rowChange, spoken } from "../testing/changes.ts";
import type { Client } from "./client.ts";
import { entryFrom, type Entry } from "./entry.ts";
import { createFanOut } from "./fan-out.ts";
import { createLiveMetrics } from "./metrics.ts";
import { createReplayBuffer } from "./replay-buffer.ts";
import { createPendingRows } from "./pending-rows.ts";

const followed = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function createParts({ flushMs = 0, rowsPerFlush = 200, maxPendingRows = 1_000 } = {}) {
  const metrics = createLiveMetrics(new Registry(), () => 0);
  const replayBuffer = createReplayBuffer({ most: 100, mostBytes: 1_000_000 });
  const limits = { flushMs, rowsPerFlush, maxPendingRows };
  return { fanOut: createFanOut({ limits, replayBuffer, metrics, now: Date.now }), replayBuffer };
}

/** What the fan-out knows of a client, and all it was sent. */
function listener(): Client & { sent: string[] } {
  const sent: string[] = [];
  const keep = (bytes: Buffer | string): void => void sent.push(bytes.toString());
  return {
    sent,
    follows: new Set([followed]),
    held: null,
    ownRows: null,
    since: null,
    write: keep,
    push: keep,
    drained: () => Promise.resolve(),
    end: () => {},
    closed: false,
  };
}

const entry = (place: number, ...changes: Change[]): Entry =>
  entryFrom(`${place}-0`, [CHANGES_FIELD, JSON.stringify(changes)], { graceMs: 0 });
const ids = (sent: readonly string[]): string[] =>
  [...sent.join("").matchAll(/^id: (.*)$/gm)].map(([, id]) => id!);
const events = (sent: readonly string[]): string[] =>
  [...sent.join("").matchAll(/^event: (.*)$/gm)].map(([, event]) => event!);

test("a client that caught up further than the reader is sent nothing twice, and no id that goes back", () => {
  const { fanOut } = createParts();
  fanOut.onUp("5-0", false);
  const client = listener();
  fanOut.join(client, { since: "8-0", missedRows: createPendingRows(), skipped: null });
  client.sent.length = 0;
  fanOut.onEntries([
    entry(7, ...spoken(followed, 1), removalChange(followed, 1)),
    entry(8, ...spoken(followed, 2)),
  ]);
  expect(client.sent).toEqual([]);
  fanOut.onEntries([entry(9, ...spoken(followed, 3))]);
  expect(events(client.sent)).toEqual(["message", "conversation"]);
  expect(client.sent.join("")).toContain("id: 9-0");
});

test("a client that owes its state to nobody else is told how far it is by its own place", () => {
  const { fanOut } = createParts();
  fanOut.onUp("5-0", false);
  const client = listener();
  const missedRows = createPendingRows();
  for (const row of entry(8, rowChange(followed, 4)).rows) missedRows.add(row);
  fanOut.join(client, { since: "8-0", missedRows, skipped: null });
  expect(events(client.sent)).toEqual(["ready", "conversation"]);
  expect(ids(client.sent)).toEqual(["8-0"]);
});

test("a client that has left is held by nothing", () => {
  const { fanOut } = createParts();
  fanOut.onUp("5-0", false);
  const [gone, stays] = [listener(), listener()];
  fanOut.join(gone);
  fanOut.join(stays);
  fanOut.leave(gone);
  gone.sent.length = 0;
  fanOut.onEntries([entry(6, ...spoken(followed, 1))]);
  fanOut.onDown();
  fanOut.onUp("6-0", true);
  expect(gone.sent).toEqual([]);
  expect(events(stays.sent)).toEqual(["ready", "message", "conversation", "stalled", "reset"]);
});

test("a client that left while it caught up does not come in any more", () => {
  const { fanOut } = createParts();
  fanOut.onUp("5-0", false);
  const gone = { ...listener(), closed: true };
  fanOut.join(gone, { since: "5-0", missedRows: createPendingRows(), skipped: null });
  fanOut.reset(gone);
  fanOut.onEntries([entry(6, ...spoken(followed, 1))]);
  expect(gone.sent).toEqual([]);
});

test("an outage that broke nothing is told, and its end", () => {
  const { fanOut, replayBuffer } = createParts();
  const early = listener();
  fanOut.onUp("5-0", false);
  fanOut.join(early);
  fanOut.onDown();
  const late = listener();
  fanOut.join(late);
  fanOut.onUp("5-0", false);
  expect(events(early.sent)).toEqual(["ready", "stalled", "ready"]);
  expect(events(late.sent)).toEqual(["stalled", "ready"]);
  expect(replayBuffer.after("5-0")).toEqual([]);
});

test("the end of an outage gives no id while rows wait to be sent", () => {
  const { fanOut } = createParts({ flushMs: 60_000 });
  fanOut.onUp("5-0", false);
  const client = listener();
  fanOut.join(client);
  fanOut.onEntries([entry(6, rowChange(followed, 1))]);
  fanOut.onEntries([entry(7, rowChange(followed, 2))]);
  fanOut.onDown();
  fanOut.onUp("7-0", false);
  fanOut.close();
  expect(events(client.sent)).toEqual(["ready", "conversation", "stalled", "ready"]);
  expect(ids(client.sent)).toEqual(["5-0", "6-0"]);
});

test("when more rows wait than are told, the freshest are sent, the rest is said to be left out, and the place goes on", () => {
  const { fanOut } = createParts({ flushMs: 60_000, rowsPerFlush: 10, maxPendingRows: 20 });
  fanOut.onUp("5-0", false);
  const client = listener();
  fanOut.join(client);
  fanOut.onEntries([entry(6, rowChange(followed, 1))]);
  const ids = Array.from({ length: 30 }, (_, at) => `6a41b347-8d80-4ce9-84ba-0000000000${at + 10}`);
  fanOut.onEntries([
    entry(7, { event: "refusals", what: "to_resolve", reported_in: 0 }),
    ...ids.map((id, at) => entry(8 + at, ...spoken(id, 1))),
    entry(40, ...spoken(followed, 2)),
  ]);
  expect(events(client.sent)).toEqual(["ready", "conversation", "message", "skipped"]);
  for (let flush = 0; flush < 2; flush += 1) vi.advanceTimersByTime(60_000);
  fanOut.close();
  const rows = client.sent.join("").match(/"conversation":\{"id":"[^"]+"/g) ?? [];
  expect(rows).toHaveLength(1 + 10);
  expect(rows.at(1)).toContain(followed);
  expect(rows.at(2)).toContain(ids.at(-1));
  expect(events(client.sent)).toContain("refusals");
  expect(events(client.sent)).not.toContain("reset");
  expect(client.sent.join("")).toContain("id: 40-0");
});

test("a client with rows of its own is told by itself what is left out of them", () => {
  const { fanOut } = createParts({ flushMs: 60_000, rowsPerFlush: 10, maxPendingRows: 20 });
  fanOut.onUp("5-0", false);
  const client = listener();
  const missedRows = createPendingRows();
  fanOut.join(client, { since: "5-0", missedRows, skipped: [] });
  expect(events(client.sent)).toEqual(["skipped", "ready"]);
});
