import { applyBatch } from "../../store/apply.ts";
import { startOwnProcessWorker } from "./own-process-worker.ts";
import { QUICK } from "./quick.ts";

/**
 * A worker in a process of its own that does nothing else for four lock durations, and so loses its locks, before each of
 * its first transactions that holds the content `slow`. Arguments: Redis, the database, how many.
 */
const [, , redisUrl = "", databaseUrl = "", times = "1"] = process.argv;
let left = Number(times);

startOwnProcessWorker({
  redisUrl,
  databaseUrl,
  apply: (store, batch) => {
    const isSlow = batch.events.some(
      ({ event }) => event.type === "NEW_MESSAGE" && event.data.content === "slow",
    );
    if (isSlow && left > 0) {
      left -= 1;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4 * QUICK.lockMs);
    }
    return applyBatch(store, batch);
  },
});
