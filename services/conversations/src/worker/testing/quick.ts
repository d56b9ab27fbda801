import type { Timing } from "../worker.ts";

/** As in production, but quicker to notice what died. */
export const QUICK: Timing = { lockMs: 1_000, stalledMs: 300, drainMs: 8_000, sweepMs: 100 };
