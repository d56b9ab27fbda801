/** Runs once the frame that is due has been painted; what it returns calls that off. */
export function afterPaint(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    clearTimeout(hidden);
  };
  const go = (): void => {
    stop();
    run();
  };
  const frame = requestAnimationFrame(() => (timer = setTimeout(go)));
  // No frames are drawn for a page in the background.
  const hidden = setTimeout(go, 500);
  return stop;
}
