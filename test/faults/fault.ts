import type { ServiceProcess } from "../support/service-process.ts";
import type { RigName } from "./rig/rig-names.ts";
import type { Rig } from "./rig/rig.ts";

export type Struck = {
  /** What shows that it happened, for the reader. */
  proof: string;
  /** When the broken part was back, as `performance.now()` tells: from then on it is on us. */
  returnedAt: number;
  /** What must hold beside readiness and a fresh event. */
  also?: () => Promise<boolean>;
  /** Processes that must have said in the meantime that they were not ready. */
  unready?: string[];
  /** Brings back what the fault took away for good, as a supervisor would; after the recovery was measured. */
  repair?: () => Promise<void>;
};

export type Fault = {
  name: string;
  on: readonly RigName[];
  /** Where it strikes in the short form; on every rig without it. For what takes long and hardly depends on the rig. */
  shortOn?: readonly RigName[];
  /** Longest time to recover, milliseconds. */
  limitMs: number;
  /** Breaks something under load. Throws when it cannot prove that it did. */
  strike: (rig: Rig) => Promise<Struck>;
};

/** Both databases, with one Redis. */
export const BOTH: readonly RigName[] = ["sqlite", "postgres"];

/** As {@link Struck.unready} takes them. */
export const namesOf = (processes: readonly ServiceProcess[]): string[] => processes.map(({ name }) => name);
