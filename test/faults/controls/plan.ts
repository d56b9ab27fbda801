import { fileURLToPath } from "node:url";
import { until } from "../../support/until.ts";
import type { Violation } from "../check/violation.ts";
import type { Rig, startRig } from "../rig/rig.ts";

/** A bug or a setting that the suite must see; on SQLite with one of each process, unless it says otherwise. */
export type Plan = {
  bug: string;
  /** What the checker must find. */
  finds: Violation["kind"];
  rig?: Partial<Parameters<typeof startRig>[0]>;
  /** Not in the short form of all rigs. */
  long?: boolean;
  strike: (rig: Rig) => Promise<void>;
};

/** A run with a bug planted in it: the suite must see it. */
export type Control = { bug: string; caught: boolean; seen: string };

export const LOAD_MS = 2_000;
const LOST_EVENTS = 200;

/** The main file of a service with a bug in it. */
export const planted = (name: string): string =>
  fileURLToPath(new URL(`../planted/${name}.ts`, import.meta.url));

/** Enough that some can be lost. */
export async function moreAcknowledged({ journal }: Rig): Promise<void> {
  const before = journal.acknowledged.length;
  await until(() => journal.acknowledged.length > before + LOST_EVENTS, { what: "events are acknowledged" });
}
