/** A message on the page, and where its top stands in the window. */
export type InView = { message: HTMLElement; top: number };

/** The first message that is in view, if only by its last line. */
export function firstInView(scroller: HTMLElement): InView | null {
  const edge = scroller.getBoundingClientRect().top;
  for (const block of scroller.querySelectorAll("[data-block]")) {
    if (block.getBoundingClientRect().bottom <= edge) continue;
    for (const message of block.querySelectorAll<HTMLElement>("[data-message]")) {
      const { top, bottom } = message.getBoundingClientRect();
      if (bottom > edge) return { message, top };
    }
  }
  return null;
}
