import { createStampClock } from "../outbox/stamp-clock.ts";

/** For forms that were sent before the page was alive. */
export const stampNow = createStampClock({
  now: () => Date.now() + (performance.now() % 1),
  offset: () => 0,
});
