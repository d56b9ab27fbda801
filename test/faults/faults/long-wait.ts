import { idOf, timestampOf, type WebhookEvent } from "@fio/contracts";
import { setTimeout as sleep } from "node:timers/promises";
import { demand } from "../demand.ts";
import { BOTH, type Fault } from "../fault.ts";
import { freshCreation } from "../recovery.ts";
import type { Rig } from "../rig/rig.ts";
import { until } from "../../support/until.ts";

const WAITING = 6_000;
const ARRAY = 1_000;

/**
 * The creation comes last, and what waited for it follows in steps. Every worker is killed between two of them, and
 * started again as by a supervisor: nothing may stay behind.
 */
const killedBetweenSteps: Fault = {
  name: "kill -9 of the workers while thousands of messages follow their creation",
  on: BOTH,
  limitMs: 15_000,
  strike: async (rig) => {
    const creation = freshCreation(rig);
    const id = idOf(creation);
    for (let from = 0; from < WAITING; from += ARRAY) {
      await rig.sender.deliver(Array.from({ length: ARRAY }, (_, index) => messageOf(rig, id, from + index)));
    }
    await until(async () => (await followed(rig, id)).waiting === WAITING, {
      what: `${WAITING} messages wait for their creation`,
      everyMs: 100,
    });
    await rig.sender.deliver([creation]);
    const { inPlace } = await stoppedBetweenSteps(rig, id);
    await Promise.all(rig.workers.map((worker) => worker.kill()));
    const returnedAt = performance.now();
    await Promise.all(rig.workers.map((worker) => worker.start()));
    return {
      proof: `killed when ${inPlace} of ${WAITING} messages were in the conversation`,
      returnedAt,
      also: async () => (await followed(rig, id)).inPlace === WAITING,
    };
  },
};

function messageOf(rig: Rig, conversation: string, index: number): WebhookEvent {
  return {
    type: "NEW_MESSAGE",
    timestamp: timestampOf(Date.now()),
    data: {
      id: rig.random.uuid(),
      direction: "RECEIVED",
      content: `mensagem ${index}`,
      conversation_id: conversation,
    },
  };
}

type Followed = { inPlace: number; waiting: number };

async function followed({ store }: Rig, id: string): Promise<Followed> {
  const [row] = await store.rows<Record<keyof Followed, number | string>>(
    `select (select count(*) from messages where conversation_id = '${id}') as "inPlace",
      (select count(*) from unapplied_events where conversation_id = '${id}') as waiting`,
  );
  return { inPlace: Number(row?.inPlace ?? 0), waiting: Number(row?.waiting ?? 0) };
}

/** Stops every worker where some have followed and others have not; one that was quicker than we look is let go on. */
async function stoppedBetweenSteps(rig: Rig, id: string): Promise<Followed> {
  const between = ({ inPlace, waiting }: Followed): boolean => inPlace > 0 && waiting > 0;
  for (;;) {
    const seen = await followed(rig, id);
    demand(seen.inPlace < WAITING, `all ${WAITING} followed in one step`);
    if (!between(seen)) {
      await sleep(2);
      continue;
    }
    for (const worker of rig.workers) worker.pause();
    const stopped = await followed(rig, id);
    if (between(stopped)) return stopped;
    for (const worker of rig.workers) worker.resume();
  }
}

export const longWait: Fault[] = [killedBetweenSteps];
