import type { Worker as BullWorker } from "bullmq";
import type { Log } from "@fio/service/log";

const BACK_OFF_MS = 1_000;

/**
 * For what BullMQ's worker reports. When Redis refuses a command (it is full, it cannot write to its disk, it only
 * reads) BullMQ asks again at once, without end: then the worker takes no jobs for a second. Those in hand go on, and
 * may be what makes room.
 */
export function createBackOff({ worker, log }: { worker: BullWorker; log: Log }): (error: Error) => void {
  let resting = false;
  const rest = async (): Promise<void> => {
    resting = true;
    await worker.pause(true);
    setTimeout(() => {
      resting = false;
      if (worker.closing === undefined) void worker.resume();
    }, BACK_OFF_MS);
  };
  return (error) => {
    const refused = error.name === "ReplyError";
    // Outages are told of by the connection, once each.
    if (!refused || resting) log.debug({ err: error }, "the queue's worker reports");
    else {
      log.warn({ err: error }, "redis refuses; taking no jobs for a moment");
      void rest();
    }
  };
}
