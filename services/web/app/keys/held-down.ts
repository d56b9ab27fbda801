/** Where a key goes: a field of one line or of several, or the page with its links and buttons. */
export type Place = "line" | "lines" | "page";

/**
 * Whether a key that is held down goes on doing what it does. A letter goes on where it began: not in a field that it has
 * opened, where it would be text. Enter goes on only as a line break: it never answers what it has brought up itself.
 */
export function goesOn(key: string, { place, moved }: { place: Place; moved: boolean }): boolean {
  if (key === "Enter") return place === "lines" && !moved;
  return key.length > 1 || place === "page" || !moved;
}

const placeOf = (target: EventTarget | null): Place =>
  target instanceof HTMLTextAreaElement
    ? "lines"
    : target instanceof HTMLInputElement || target instanceof HTMLSelectElement
      ? "line"
      : "page";

/** Lets keys that are held down go no further than that; asked before all others. Returns what ends it. */
export function watchHeldDown(): () => void {
  let began: EventTarget | null = null;
  const press = (event: KeyboardEvent): void => {
    const { key, repeat, target } = event;
    if (!event.isTrusted) return;
    if (!repeat) began = target;
    else if (!goesOn(key, { place: placeOf(target), moved: target !== began })) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  addEventListener("keydown", press, { capture: true });
  return () => removeEventListener("keydown", press, { capture: true });
}
