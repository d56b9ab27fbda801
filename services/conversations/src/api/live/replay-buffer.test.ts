import { expect, test } from "vitest";
import { createReplayBuffer } from "./replay-buffer.ts";

const entry = (place: number, size = 1) => ({
  position: `${place}-0`,
  rows: [],
  messages: [],
  given: [],
  erased: [],
  size,
});
const after = (replayBuffer: ReturnType<typeof createReplayBuffer>, place: string) =>
  replayBuffer.after(place)?.map(({ position }) => position) ?? null;

test("it knows every entry after a place that it reaches back to, and says so when it does not", () => {
  const replayBuffer = createReplayBuffer({ most: 4, mostBytes: 1_000 });
  expect(after(replayBuffer, "0-0")).toBeNull();
  replayBuffer.restart("10-0");
  expect(after(replayBuffer, "10-0")).toEqual([]);
  expect(after(replayBuffer, "9-0")).toBeNull();
  for (const place of [11, 12, 13]) replayBuffer.add(entry(place));
  expect(after(replayBuffer, "10-0")).toEqual(["11-0", "12-0", "13-0"]);
  expect(after(replayBuffer, "11-5")).toEqual(["12-0", "13-0"]);
  expect(after(replayBuffer, "13-0")).toEqual([]);
  expect(after(replayBuffer, "14-0")).toBeNull();
});

test("it forgets the oldest, by their number and by their size", () => {
  for (const bounds of [
    { most: 4, mostBytes: 1_000_000 },
    { most: 1_000, mostBytes: 400 },
  ]) {
    const replayBuffer = createReplayBuffer(bounds);
    replayBuffer.restart("0-0");
    for (let place = 1; place <= 100; place += 1) replayBuffer.add(entry(place, 100));
    expect(after(replayBuffer, "0-0")).toBeNull();
    expect(after(replayBuffer, "90-0")).toBeNull();
    expect(after(replayBuffer, "97-0")).toEqual(["98-0", "99-0", "100-0"]);
  }
});

test("after a break it knows nothing from before", () => {
  const replayBuffer = createReplayBuffer({ most: 4, mostBytes: 1_000 });
  replayBuffer.restart("10-0");
  replayBuffer.add(entry(11));
  replayBuffer.restart("20-0");
  expect(after(replayBuffer, "11-0")).toBeNull();
  expect(after(replayBuffer, "20-0")).toEqual([]);
});
