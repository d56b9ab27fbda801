import type { System } from "../../support/system.ts";
import { dribble, endless, endlessTo, idle, slowTo } from "../attacks/slow.ts";
import type { Tally } from "./tally.ts";
import { SECRETS } from "./target.ts";

/** Connections that say nothing: as many as this process may have, up to this. */
const IDLE = 10_000;

/** Goes on beside all other attacks. */
export async function attackSlowly({ system, tally }: { system: System; tally: Tally }) {
  const parts = [
    ["ingest", system.ingestUrl],
    ["web", system.webUrl],
    ["api", system.apiUrl],
  ] as const;
  const idlers = Promise.all([idle(system.ingestUrl, IDLE / 2), idle(system.webUrl, IDLE / 2)]);
  const taken: number[] = [];
  const all = parts.map(async ([part, url]) => {
    const sends = slowTo(part, SECRETS.API_TOKENS).flatMap((one) => [one, one, one]);
    const [slowly, endlessly] = await Promise.all([
      Promise.all(sends.map((one) => dribble(url, one))),
      Promise.all([1, 2, 3].map(() => endless(url, endlessTo(part, SECRETS.API_TOKENS)))),
    ]);
    taken.push(...endlessly.map(({ sent: bytes }) => bytes));
    return [
      ...tally.add(
        `${part}: slow headers and bodies`,
        slowly.map(({ status }, n) => ({ what: sends[n]?.what ?? "", status })),
        [503],
      ),
      ...tally.add(
        `${part}: chunks without end`,
        endlessly.map(({ status }) => ({ what: "endless", status })),
        [413, "cut"],
      ),
    ];
  });
  const held = await idlers;
  const unexpected = (await Promise.all(all)).flat();
  return {
    opened: held.reduce((sum, { opened }) => sum + opened, 0),
    open: () => held.reduce((sum, { open }) => sum + open(), 0),
    unexpected,
    taken,
  };
}
