import type { Page } from "playwright-core";

/** When a message was in the thread, and when it had been painted, by the page's clock. */
export type Arrival = { id: string; inserted: number; painted: number };

type Watched = typeof globalThis & { fioArrivals?: Arrival[] };

/** From now on the page notes each message that appears in its thread. */
export async function watchArrivals(page: Page): Promise<void> {
  await page.evaluate(() => {
    const now = (): number => performance.timeOrigin + performance.now();
    const arrivals: Arrival[] = [];
    (globalThis as Watched).fioArrivals = arrivals;
    const known = new Set<string>();
    let unpainted: Arrival[] = [];
    const painted = (): void => {
      // A task of its own after the frame's callbacks: the frame has been drawn by then.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        const at = now();
        for (const one of unpainted) {
          one.painted = at;
          dispatchEvent(new CustomEvent("fio-painted", { detail: one }));
        }
        unpainted = [];
      };
      port2.postMessage(null);
    };
    const look = (): void => {
      const at = now();
      const before = unpainted.length;
      // The newest are the last: those further up are known.
      const shown = document.querySelectorAll<HTMLElement>("[data-message]");
      for (let index = shown.length - 1; index >= Math.max(0, shown.length - 80); index -= 1) {
        const id = shown[index]?.dataset["message"] ?? "";
        if (known.has(id)) continue;
        known.add(id);
        const one = { id, inserted: at, painted: 0 };
        arrivals.push(one);
        unpainted.push(one);
      }
      if (before === 0 && unpainted.length > 0) requestAnimationFrame(painted);
    };
    look();
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  });
}

export const arrivalsOf = (page: Page): Promise<Arrival[]> =>
  page.evaluate(() => (globalThis as Watched).fioArrivals ?? []);

/** The next message that is painted, reported by the page itself: polling would slow down what is measured. */
export async function nextArrival(page: Page): Promise<{ painted: Promise<Arrival> }> {
  const painted = page.evaluate(
    () =>
      new Promise<Arrival>((resolve) => {
        addEventListener("fio-painted", (event) => resolve((event as CustomEvent<Arrival>).detail), {
          once: true,
        });
      }),
  );
  // A page runs its commands one after another: once it has answered this, it listens.
  await page.evaluate(() => null);
  return { painted };
}
