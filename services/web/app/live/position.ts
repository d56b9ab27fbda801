/** A place in the stream of changes, `milliseconds-sequence`; negative when `a` is before `b`. */
export function comparePositions(a: string, b: string): number {
  const [aTime = "0", aSequence = "0"] = a.split("-");
  const [bTime = "0", bSequence = "0"] = b.split("-");
  return Number(aTime) - Number(bTime) || Number(aSequence) - Number(bSequence);
}

/** `null` when neither is known. */
export function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return comparePositions(a, b) <= 0 ? a : b;
}
