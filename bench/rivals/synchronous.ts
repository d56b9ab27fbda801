import { expressIntake } from "./support/intake.ts";
import { openRivalStore } from "./support/open-store.ts";
import type { Rival } from "./rival.ts";

/**
 * No queue: Express, zod, and one transaction for each request, which looks at the conversation before it writes.
 * A 2xx promises that the events are in the store, on its disk; while that cannot be reached, nothing is taken.
 */
export const synchronous: Rival = {
  title: "synchronous, no queue",
  promise: "in the store",
  intake: async ({ databaseUrl }) => {
    const store = await openRivalStore(databaseUrl);
    return expressIntake(async (events) => {
      const refused = await store.apply(events);
      return refused === null
        ? { status: 201, body: { status: "applied" } }
        : { status: 400, body: { code: refused } };
    });
  },
};
