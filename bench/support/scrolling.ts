import type { Page } from "playwright-core";

/** `frames`: milliseconds between frames. `jumps`: frames in which a message in view moved otherwise than scrolled. */
export type Scrolled = { frames: number[]; loaded: number; passed: number; seconds: number; jumps: number };

/** Scrolls a thread up as a finger that does not stop, 60 px a frame, and looks at what is in view in each. */
export const scrollUp = (page: Page, { seconds }: { seconds: number }): Promise<Scrolled> =>
  page.evaluate(async (limit) => {
    const STEP = 60;
    const scroller = document.querySelector<HTMLElement>('[role="log"]');
    if (scroller === null) throw new Error("there is no thread");
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const inView = (): { id: string; top: number } | null => {
      const box = scroller.getBoundingClientRect();
      const middle = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      const near = middle?.closest<HTMLElement>("[data-message]") ?? null;
      const one =
        near ??
        [...scroller.querySelectorAll<HTMLElement>("[data-message]")].find(
          (each) => each.getBoundingClientRect().top > box.top + 100,
        );
      return one == null ? null : { id: one.dataset["message"] ?? "", top: one.getBoundingClientRect().top };
    };
    const seen = new Set<string>();
    const frames: number[] = [];
    let [jumps, passed] = [0, 0];
    const began = await frame();
    let last = began;
    while (last - began < limit * 1_000) {
      const held = inView();
      const from = scroller.scrollTop;
      scroller.scrollTop = from - STEP;
      const now = await frame();
      frames.push(now - last);
      last = now;
      const moved = from - scroller.scrollTop;
      passed += moved;
      for (const each of scroller.querySelectorAll<HTMLElement>("[data-message]"))
        seen.add(each.dataset["message"] ?? "");
      const after = held === null ? null : scroller.querySelector(`[data-message="${held.id}"]`);
      if (held !== null && after !== null) {
        const expected = held.top + moved;
        if (Math.abs(after.getBoundingClientRect().top - expected) > 2) jumps += 1;
      }
    }
    return { frames, loaded: seen.size, passed, seconds: (last - began) / 1_000, jumps };
  }, seconds);
