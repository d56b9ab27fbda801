import { expect, test } from "vitest";
import { createRecent } from "./recent.ts";

const entry = (place: number, size = 1) => ({ position: `${place}-0`, rows: [], messages: [], size });
const after = (recent: ReturnType<typeof createRecent>, place: string) =>
  recent.after(place)?.map(({ position }) => position) ?? null;

test("it knows every entry after a place that it reaches back to, and says so when it does not", () => {
  const recent = createRecent({ most: 4, mostBytes: 1_000 });
  expect(after(recent, "0-0")).toBeNull();
  recent.restart("10-0");
  expect(after(recent, "10-0")).toEqual([]);
  expect(after(recent, "9-0")).toBeNull();
  for (const place of [11, 12, 13]) recent.add(entry(place));
  expect(after(recent, "10-0")).toEqual(["11-0", "12-0", "13-0"]);
  expect(after(recent, "11-5")).toEqual(["12-0", "13-0"]);
  expect(after(recent, "13-0")).toEqual([]);
  expect(after(recent, "14-0")).toBeNull();
});

test("it forgets the oldest, by their number and by their size", () => {
  for (const bounds of [
    { most: 4, mostBytes: 1_000_000 },
    { most: 1_000, mostBytes: 400 },
  ]) {
    const recent = createRecent(bounds);
    recent.restart("0-0");
    for (let place = 1; place <= 100; place += 1) recent.add(entry(place, 100));
    expect(after(recent, "0-0")).toBeNull();
    expect(after(recent, "90-0")).toBeNull();
    expect(after(recent, "97-0")).toEqual(["98-0", "99-0", "100-0"]);
  }
});

test("after a break it knows nothing from before", () => {
  const recent = createRecent({ most: 4, mostBytes: 1_000 });
  recent.restart("10-0");
  recent.add(entry(11));
  recent.restart("20-0");
  expect(after(recent, "11-0")).toBeNull();
  expect(after(recent, "20-0")).toEqual([]);
});
