import { expect } from "vitest";
import { ask, written, type Headers, type Heard } from "./raw.ts";
import type { Answered, Tally } from "./tally.ts";
import { SECRETS } from "./target.ts";

/** What only who is let in reads. */
export const WORDS = "Só a Ana lê isto aqui";

export const token: Headers = { authorization: `Bearer ${SECRETS.API_TOKENS}` };
export const times = (count: number, status: string): Answered[] =>
  Array.from({ length: count }, () => ({ what: "", status }));

export type Sent = { what: string; bytes: Buffer };
export const sent = (
  what: string,
  method: string,
  path: string,
  options: Parameters<typeof written>[2] = {},
): Sent => ({ what, bytes: written(method, path, options) });

/** Sends all, a few at a time, counts them under a name, and gives back what was answered. */
export async function attack(
  tally: Tally,
  name: string,
  url: string,
  all: readonly Sent[],
  expected: readonly (number | string)[],
  { atOnce = 20 }: { atOnce?: number } = {},
): Promise<Heard[]> {
  const heard: Heard[] = [];
  for (let from = 0; from < all.length; from += atOnce) {
    heard.push(...(await Promise.all(all.slice(from, from + atOnce).map(({ bytes }) => ask(url, bytes)))));
  }
  const answers: Answered[] = heard.map(({ status }, index) => ({ what: all[index]?.what ?? "", status }));
  expect(tally.add(name, answers, expected)).toEqual([]);
  for (const { body, head } of heard) {
    expect(body).not.toContain(WORDS);
    expect(body).not.toMatch(/root:x:0|"workspaces"|SQLite format|createListener\(/);
    expect(head).not.toMatch(/^(access-control-allow-origin|x-powered-by):/im);
  }
  return heard;
}
