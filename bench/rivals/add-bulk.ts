import { ACCEPTED, expressIntake } from "./support/intake.ts";
import { JOB_OPTIONS, rivalQueue, workOff } from "./support/queue.ts";
import type { Rival } from "./rival.ts";

/**
 * The textbook with `queue.addBulk`: a request's events go to Redis together, as a job each.
 * A 2xx promises that Redis has each event of the request on its disk.
 */
export const addBulk: Rival = {
  title: "queue.addBulk",
  promise: "on Redis' disk",
  intake: ({ redisUrl }) => {
    const queue = rivalQueue(redisUrl);
    return Promise.resolve(
      expressIntake(async (events) => {
        await queue.addBulk(events.map((event) => ({ name: event.type, data: event, opts: JOB_OPTIONS })));
        return ACCEPTED;
      }),
    );
  },
  worker: workOff,
};
