/** What opens over the page and takes its keys. */
export const DIALOG = "[role=dialog], [role=alertdialog]";
export const OVER = `${DIALOG}, [role=menu]`;

export const focusInDialog = (): boolean => document.activeElement?.closest(DIALOG) != null;

/** What has the focus in the page itself, or had it before something opened over the page; `null`: nothing has. */
let before: HTMLElement | null = null;

const isOver = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(OVER) !== null;

/** Returns what ends it. */
export function watchFocus(): () => void {
  const gained = ({ target }: FocusEvent): void => {
    if (target instanceof HTMLElement && !isOver(target)) before = target;
  };
  const lost = ({ target, relatedTarget }: FocusEvent): void => {
    // Another window gives it back.
    const comesBack = document.activeElement === target;
    if (relatedTarget === null && !comesBack && !isOver(target)) before = null;
  };
  addEventListener("focusin", gained);
  addEventListener("focusout", lost);
  return () => {
    removeEventListener("focusin", gained);
    removeEventListener("focusout", lost);
  };
}

/** Gives the focus back, where what had it went without doing so: letters that follow are text, where they were. */
export function giveFocusBack(): void {
  if (document.activeElement !== document.body || before?.isConnected !== true) return;
  before.focus({ preventScroll: true });
}
