import type { Worker as BullWorker } from "bullmq";
import type { Log } from "@fio/service/log";

const REST_MS = 1_000;

/** Whether a worker takes jobs. Those in hand go on either way. */
export type Intake = {
  /** Takes none until {@link Intake.goOn}. */
  hold: () => void;
  goOn: () => void;
  /**
   * For what BullMQ's worker reports. When Redis refuses a command (it is full, it cannot write to its disk, it only
   * reads) BullMQ asks again at once, without end: then the worker takes no jobs for a second. Those in hand may be
   * what makes room.
   */
  onError: (error: Error) => void;
};

export function createIntake({ worker, log }: { worker: BullWorker; log: Log }): Intake {
  let held = false;
  let resting = false;

  const adjust = (): void => {
    if (worker.closing !== undefined) return;
    if (held || resting) void worker.pause(true);
    else void worker.resume();
  };
  const rest = (): void => {
    resting = true;
    adjust();
    setTimeout(() => {
      resting = false;
      adjust();
    }, REST_MS).unref();
  };
  return {
    hold: () => {
      held = true;
      adjust();
    },
    goOn: () => {
      held = false;
      adjust();
    },
    onError: (error) => {
      const refused = error.name === "ReplyError";
      // Outages are told of by the connection, once each.
      if (!refused || resting) log.debug({ err: error }, "the queue's worker reports");
      else {
        log.warn({ err: error }, "redis refuses, taking no jobs for a second");
        rest();
      }
    },
  };
}
