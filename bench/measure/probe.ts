import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { openConnection } from "../generator/connection.ts";
import { message } from "../generator/traffic.ts";
import type { StoreReader } from "../systems/system.ts";

/** A message every so often, and a look into the store for all that are not seen yet. */
const SEND_MS = 100;
const LOOK_MS = 5;
/** Those that wait behind a backlog are not added to without an end. */
const MOST_UNDER_WAY = 20;

export type Probe = {
  /** No more messages; resolves when all are in the store. */
  end: () => Promise<{ accepted: number; times: number[] }>;
};

/** Milliseconds from a message's answer until the store has it, to within {@link LOOK_MS}. */
export function startProbe(url: string, store: StoreReader, conversation: string): Probe {
  const answeredAt = new Map<string, number>();
  const times: number[] = [];
  let [accepted, ended] = [0, false];

  const send = async (): Promise<void> => {
    const connection = openConnection(`${url}/webhook/`);
    while (!ended) {
      if (answeredAt.size < MOST_UNDER_WAY) {
        const id = randomUUID();
        const status = await connection.post(message(conversation, false, id));
        if (status === null || status < 200 || status >= 300)
          throw new Error(`a probe was answered ${status}`);
        answeredAt.set(id, performance.now());
        accepted += 1;
      }
      await sleep(SEND_MS);
    }
    connection.end();
  };
  const look = async (): Promise<void> => {
    while (!ended || answeredAt.size > 0) {
      await sleep(LOOK_MS);
      if (answeredAt.size === 0) continue;
      const present = await store.present([...answeredAt.keys()]);
      const now = performance.now();
      for (const id of present) {
        times.push(now - (answeredAt.get(id) ?? NaN));
        answeredAt.delete(id);
      }
    }
  };
  const sending = send();
  const looking = look();
  // Whoever ends it is told.
  const failed = Promise.all([sending, looking]);
  failed.catch(() => {});
  return {
    end: async () => {
      ended = true;
      await failed;
      return { accepted, times };
    },
  };
}
