import type { Options } from "./options.ts";

/** A run with a bug planted in it: the suite must see it. */
export type Control = { bug: string; caught: boolean; seen: string };

export async function runControls({
  options: _options,
  say: _say,
}: {
  options: Options;
  say: (line: string) => void;
}): Promise<Control[]> {
  return Promise.resolve([]);
}
