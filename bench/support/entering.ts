import type { Page } from "playwright-core";

type Watched = typeof globalThis & { fioEntered?: number };

/** Notes when the next key goes down in the page, by its own clock; resolves once it listens. */
export async function watchEnter(page: Page): Promise<void> {
  await page.evaluate(() => {
    addEventListener(
      "keydown",
      () => ((globalThis as Watched).fioEntered = performance.timeOrigin + performance.now()),
      { once: true, capture: true },
    );
  });
}

export const enteredAt = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as Watched).fioEntered ?? NaN);
