import { timestampOf, type WebhookEvent } from "@fio/contracts";
import { setTimeout as sleep } from "node:timers/promises";
import { demand } from "../demand.ts";
import { BOTH, type Fault } from "../fault.ts";
import { freshCreation, outcomeOf } from "../recovery.ts";
import type { Rig } from "../rig/rig.ts";
import { until } from "../../support/until.ts";

const REPEATS = 30_000;
const ARRAY = 1_000;
/** So many more, one by one, once all are kept: each beside an event that has nothing to do with it. */
const MORE = 20;
/** From the posting of such an event to its outcome as a sender sees it, at worst and beside the load. */
const UNRELATED_LIMIT_MS = 1_000;

/**
 * A sender whose retry stamps "now": one creation, again and again under a new timestamp. Each is another event about
 * the same subject, so that each is kept; none may make the next one dearer, nor anybody wait for it.
 */
const repeated: Fault = {
  name: "one creation posted thirty thousand times, each time with a new timestamp",
  on: BOTH,
  limitMs: 15_000,
  strike: async (rig) => {
    const id = rig.random.uuid();
    const startedAt = performance.now();
    const arrays = Array.from({ length: REPEATS / ARRAY }, (_, array) =>
      Array.from({ length: ARRAY }, (_, index) => creationOf(id, array * ARRAY + index)),
    );
    const line = async (): Promise<void> => {
      for (let next = arrays.pop(); next !== undefined; next = arrays.pop()) await rig.sender.deliver(next);
    };
    await Promise.all([line(), line()]);
    const postedMs = performance.now() - startedAt;
    await until(() => keptOf(rig, id).then((kept) => kept === REPEATS - 1), {
      what: `all but one of ${REPEATS} are kept`,
      limitMs: 90_000,
      everyMs: 200,
    });
    const keptMs = performance.now() - startedAt;

    let worst = 0;
    for (let index = 0; index < MORE; index += 1) {
      const unrelated = freshCreation(rig);
      const sentAt = performance.now();
      await Promise.all([
        rig.sender.deliver([creationOf(id, REPEATS + index)]),
        rig.sender.deliver([unrelated]),
      ]);
      await until(async () => (await outcomeOf(rig, unrelated))?.outcome === "applied", {
        what: "an unrelated event is applied",
        everyMs: 10,
      });
      worst = Math.max(worst, performance.now() - sentAt);
      await sleep(50);
    }
    demand(worst <= UNRELATED_LIMIT_MS, `an unrelated event waited ${Math.round(worst)} ms beside one more`);
    return {
      proof: `${REPEATS} posted within ${inSeconds(postedMs)} and kept within ${inSeconds(keptMs)}; beside ${MORE} more an unrelated one waited ${Math.round(worst)} ms at worst`,
      // Nothing was broken but the sender: from its last post on all has to go on.
      returnedAt: startedAt + postedMs,
    };
  },
};

const inSeconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

/** The `index`th microsecond of a day. */
function creationOf(id: string, index: number): WebhookEvent {
  const milliseconds = Date.UTC(2025, 1, 21) + Math.floor(index / 1_000);
  const micros = String(index % 1_000).padStart(3, "0");
  const timestamp = timestampOf(milliseconds).replace(/\d{3}Z$/, `${micros}Z`);
  return { type: "NEW_CONVERSATION", timestamp: timestamp as WebhookEvent["timestamp"], data: { id } };
}

async function keptOf({ store }: Rig, id: string): Promise<number> {
  const [row] = await store.rows<{ count: number | string }>(
    `select count(*) as count from unapplied_events where conversation_id = '${id}'`,
  );
  return Number(row?.count ?? 0);
}

export const repeatedSubject: Fault[] = [repeated];
