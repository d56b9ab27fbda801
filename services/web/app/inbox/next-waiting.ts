import type { ConversationRow } from "@fio/contracts";

/**
 * Who waits longest for an answer. When that is the conversation that is open and it still waits, the one after it: to
 * ask for the next means to leave this one for later. `waiting`: the longest wait first.
 */
export function nextWaiting(
  waiting: readonly ConversationRow[],
  { open, isAnswered }: { open: string | null; isAnswered: (row: ConversationRow) => boolean },
): string | null {
  const left = waiting.filter((row) => row.id === open || !isAnswered(row));
  const at = left.findIndex((row) => row.id === open && !isAnswered(row));
  const others = [...left.slice(at + 1), ...left.slice(0, Math.max(0, at))];
  return others.find((row) => row.id !== open)?.id ?? null;
}
