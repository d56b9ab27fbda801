import type { Page } from "playwright-core";

type Watched = typeof globalThis & { fioSwitch?: { began: number | null; painted: number | null } };

/** Times the next click until this message has been painted. */
export async function watchSwitches(page: Page, message: string): Promise<void> {
  await page.evaluate((last) => {
    const state: NonNullable<Watched["fioSwitch"]> = { began: null, painted: null };
    (globalThis as Watched).fioSwitch = state;
    addEventListener("click", (event) => (state.began = event.timeStamp), { once: true, capture: true });
    const observer = new MutationObserver(() => {
      if (state.began === null || document.querySelector(`[data-message="${last}"]`) === null) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        // A task of its own after the frame's callbacks: the frame has been drawn by then.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => (state.painted = performance.now());
        port2.postMessage(null);
      });
    });
    observer.observe(document.body, { childList: true, subtree: true });
  }, message);
}

/** Milliseconds from the click to the paint; `null` while it is not there. */
export const timeToMessage = (page: Page): Promise<number | null> =>
  page.evaluate(() => {
    const { began, painted } = (globalThis as Watched).fioSwitch ?? { began: null, painted: null };
    return began === null || painted === null ? null : painted - began;
  });
