/**
 * What of a ready answer is still to be written stands in the field between these. Hardly a keyboard has them, so that
 * no text of an agent's own is taken for a gap.
 */
export const gapFor = (name: string): string => `‹${name}›`;
const GAP = /‹([^‹›\n]{1,40})›/g;

export type Gap = { from: number; to: number; name: string };

/** The first gap at or after a place, so that Tab leaves the field after the last one. */
export function gapFrom(text: string, at: number): Gap | null {
  for (const match of text.matchAll(GAP)) {
    if (match.index >= at)
      return { from: match.index, to: match.index + match[0].length, name: match[1] ?? "" };
  }
  return null;
}
