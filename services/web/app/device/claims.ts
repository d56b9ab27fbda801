/**
 * Of a browser's tabs one does what all have heard of: the first to claim it, and of those that claim it at once the one
 * whose claim is written last. There are no locks on plain http.
 */
export type Claims = (what: string, options: { delayMs: number }) => Promise<boolean>;

const KEY = "fio.claims";
const KEPT = 30;
/** What a tab writes is in the others by then. */
const SETTLED_MS = 80;

type Memory = Pick<Storage, "getItem" | "setItem">;

/** `tab`: a name of its own; `rest` resolves after so many milliseconds. */
export function createClaims({
  memory,
  tab,
  rest,
}: {
  memory: Memory;
  tab: string;
  rest: (milliseconds: number) => Promise<void>;
}): Claims {
  const ownerOf = (what: string): string | undefined => new Map(read(memory)).get(what);
  return async (what, { delayMs }) => {
    // Who is nearer to the agent comes first.
    if (delayMs > 0) await rest(delayMs);
    if (ownerOf(what) !== undefined) return false;
    const others = read(memory).slice(1 - KEPT);
    try {
      memory.setItem(KEY, JSON.stringify([...others, [what, tab]]));
    } catch {
      return true;
    }
    await rest(SETTLED_MS);
    // Lost when two different things were claimed at once: better done twice than not at all.
    return (ownerOf(what) ?? tab) === tab;
  };
}

function read(memory: Memory): [what: string, tab: string][] {
  try {
    return JSON.parse(memory.getItem(KEY) ?? "[]") as [string, string][];
  } catch {
    return [];
  }
}
