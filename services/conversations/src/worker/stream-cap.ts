import { CHANGES_KEPT } from "@fio/contracts";

/** What the stream may take of Redis' memory, about, in UTF-16 units. */
const STREAM_UNITS = 64 * 1024 * 1024;
const LEAST_KEPT = 200;
/** The weight of the newest entry in what is taken for their usual length. */
const WEIGHT = 0.05;

/**
 * How many entries the stream shall keep when one of `units` is added. An entry holds what a whole transaction changed:
 * under load 100,000 of them would fill Redis, and ingest would take nothing more.
 */
export function createStreamCap(): (units: number) => number {
  let usual: number | null = null;
  return (units) => {
    usual = usual === null ? units : usual * (1 - WEIGHT) + units * WEIGHT;
    return Math.min(CHANGES_KEPT, Math.max(LEAST_KEPT, Math.floor(STREAM_UNITS / usual)));
  };
}
