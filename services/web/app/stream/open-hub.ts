import { ACCOUNT, ACCOUNT_HEADER } from "../device/account.ts";
import { after } from "../time/after.ts";
import { createConnection } from "./connection.ts";
import { createHub, type Hub } from "./hub.ts";

/** A hub over this browser's network: in a shared worker, or in the tab that leads. */
export const openHub = (): Hub =>
  createHub({
    now: Date.now,
    connect: (listeners) =>
      createConnection({
        ...listeners,
        now: Date.now,
        random: Math.random,
        after,
        open: async (query, signal) => {
          const answer = await fetch(`/live?${query}`, {
            signal,
            headers: {
              Accept: "text/event-stream",
              ...(ACCOUNT === "" ? {} : { [ACCOUNT_HEADER]: ACCOUNT }),
            },
          });
          return answer.status === 401 ? "out" : answer.ok ? answer.body : null;
        },
      }),
  });
