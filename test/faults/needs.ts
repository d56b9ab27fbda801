import { namesOf } from "./fault.ts";
import type { Rig } from "./rig/rig.ts";

/** Names of the processes whose work needs a Redis that takes writes; the api reads whatever Redis does. */
export const needingRedis = ({ system, workers }: Rig): string[] => namesOf([...system.ingests, ...workers]);
