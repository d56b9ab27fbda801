import type { PresentAgent } from "@fio/contracts";

/** Somebody else in the conversation, until a time of this browser's clock in milliseconds. */
export type Present = Pick<PresentAgent, "id" | "name" | "writing"> & { until: number };

/** The others, as they were told at `now`. */
export const othersOf = (
  agents: readonly PresentAgent[],
  { own, now }: { own: string; now: number },
): Present[] =>
  agents
    .filter(({ id }) => id !== own)
    .map(({ lasts_ms, ...agent }) => ({ ...agent, until: now + lasts_ms }));

export const stillThere = (present: readonly Present[], now: number): Present[] =>
  present.filter(({ until }) => until > now);

/** Whom to name, and how many more there are: who writes before who looks. */
export function shownOf(
  present: readonly Present[],
): { names: string[]; more: number; writing: boolean } | null {
  const writing = present.filter((one) => one.writing);
  const shown = writing.length > 0 ? writing : present;
  if (shown.length === 0) return null;
  const names = shown.slice(0, NAMED).map(({ name }) => name);
  return { names, more: shown.length - names.length, writing: writing.length > 0 };
}

const NAMED = 2;
