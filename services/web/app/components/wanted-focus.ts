let wantedUntil = -Infinity;

/**
 * The field to write in takes the focus when it opens within this time: a conversation that was begun here is there to
 * be written in, and who asks to reply while the page still changes means the one that comes.
 */
export const wantFocus = (milliseconds: number): void =>
  void (wantedUntil = performance.now() + milliseconds);

/** True once for each time it was wanted. */
export function takesFocus(): boolean {
  const wanted = performance.now() < wantedUntil;
  wantedUntil = -Infinity;
  return wanted;
}
