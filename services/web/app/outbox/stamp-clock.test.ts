import { expect, test } from "vitest";
import { parseTimestamp } from "@fio/contracts";
import { createStampClock } from "./stamp-clock.ts";

test("timestamps carry microseconds and rise even when the clock stands still", () => {
  const stamp = createStampClock({ now: () => 1_778_761_601_902.25, offset: () => 0 });
  expect([stamp(), stamp(), stamp()]).toEqual([
    "2026-05-14T12:26:41.902250Z",
    "2026-05-14T12:26:41.902251Z",
    "2026-05-14T12:26:41.902252Z",
  ]);
  expect(parseTimestamp(stamp())).not.toBeNull();
});

test("a clock that is an hour ahead writes the server's time", () => {
  const stamp = createStampClock({ now: () => 1_778_765_201_902, offset: () => -3_600_000 });
  expect(stamp()).toBe("2026-05-14T12:26:41.902000Z");
});
