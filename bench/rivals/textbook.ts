import { ACCEPTED, expressIntake } from "./support/intake.ts";
import { JOB_OPTIONS, rivalQueue, workOff } from "./support/queue.ts";
import type { Rival } from "./rival.ts";

/**
 * The textbook: Express, zod, one `queue.add` for each event, and a worker with a transaction for each job, fifty at a time.
 * A 2xx promises that Redis has each event of the request on its disk. In what order they are applied, nothing says: a
 * message that overtakes its creation is tried again, one that a close overtakes is refused and stays among failed jobs.
 */
export const textbook: Rival = {
  title: "textbook: queue.add",
  promise: "on Redis' disk",
  intake: ({ redisUrl }) => {
    const queue = rivalQueue(redisUrl);
    return Promise.resolve(
      expressIntake(async (events) => {
        await Promise.all(events.map((event) => queue.add(event.type, event, JOB_OPTIONS)));
        return ACCEPTED;
      }),
    );
  },
  worker: workOff,
};
