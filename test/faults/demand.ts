/** A promise that a fault shows to be broken while it goes on. */
export function demand(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}
