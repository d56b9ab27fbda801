import type { Page } from "playwright-core";

/** Milliseconds since 1970 with a fraction, by a monotonic clock. */
export const clockInBrowser = (): number => performance.timeOrigin + performance.now();

/**
 * What the page's clock is ahead of this process's, in milliseconds, and how far off that may be. Both run by the same
 * machine's monotonic clock, but each has a different origin.
 */
export async function clockOffset(page: Page): Promise<{ offset: number; error: number }> {
  let best = { offset: 0, error: Infinity };
  for (let round = 0; round < 40; round += 1) {
    const before = clockInBrowser();
    const there = await page.evaluate(() => performance.timeOrigin + performance.now());
    const after = clockInBrowser();
    const error = (after - before) / 2;
    if (error < best.error) best = { offset: there - (before + after) / 2, error };
  }
  return best;
}
