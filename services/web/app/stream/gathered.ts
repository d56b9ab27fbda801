/**
 * A single call runs at once; calls within a frame of the last run wait, and run once together. `after`
 * calls back a frame later.
 */
export function gathered(run: () => void, after: (run: () => void) => void): () => void {
  let resting = false;
  let due = false;
  const go = (): void => {
    resting = true;
    due = false;
    after(() => {
      resting = false;
      if (due) go();
    });
    run();
  };
  return () => {
    if (resting) due = true;
    else go();
  };
}
