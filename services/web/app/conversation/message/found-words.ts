import { matchesIn } from "@fio/contracts/search";

/** The style sheet's `::highlight`. */
const NAME = "found";

/**
 * Marks the words of a search in the messages that are drawn, as long as they are; nothing in the messages changes for
 * it. `message` is brought into view at the first of its words. Call what it returns to end it.
 */
export function markFound(thread: HTMLElement, query: string, message: string | null): () => void {
  // Of browsers that cannot, nothing is marked: the message is marked as a whole all the same.
  if (!("highlights" in CSS)) return () => {};
  const highlights = CSS.highlights;
  let frame = 0;
  let toShow = message;
  const draw = (): void => {
    frame = 0;
    const found = new Highlight();
    for (const body of thread.querySelectorAll<HTMLElement>(".msg .body")) {
      const ranges = rangesIn(body, query);
      for (const range of ranges) found.add(range);
      if (toShow !== null && body.closest(`#m-${CSS.escape(toShow)}`) !== null) {
        toShow = null;
        if (ranges[0] !== undefined) bringIntoView(thread, ranges[0]);
      }
    }
    highlights.set(NAME, found);
  };
  const later = (): void => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  const changes = new MutationObserver(later);
  changes.observe(thread, { childList: true, subtree: true, characterData: true });
  later();
  return () => {
    changes.disconnect();
    cancelAnimationFrame(frame);
    highlights.delete(NAME);
  };
}

/** What a search finds in the text as it is shown, whatever elements style it. */
function rangesIn(body: HTMLElement, query: string): Range[] {
  const texts: Array<{ node: Text; from: number }> = [];
  let text = "";
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    texts.push({ node: node as Text, from: text.length });
    text += (node as Text).data;
  }
  const placeAt = (at: number, isEnd: boolean) =>
    texts.findLast(({ from }) => (isEnd ? from < at : from <= at)) ?? texts[0];
  return matchesIn(text, query).flatMap(({ from, to }) => {
    const [start, end] = [placeAt(from, false), placeAt(to, true)];
    if (start === undefined || end === undefined) return [];
    const range = new Range();
    range.setStart(start.node, from - start.from);
    range.setEnd(end.node, to - end.from);
    return [range];
  });
}

function bringIntoView(thread: HTMLElement, range: Range): void {
  const [place, view] = [range.getBoundingClientRect(), thread.getBoundingClientRect()];
  if (place.top >= view.top && place.bottom <= view.bottom) return;
  thread.scrollTop += place.top - view.top - view.height / 2;
}
