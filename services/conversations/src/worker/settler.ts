import type { Receipt } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import type { StepLimit } from "../domain/index.ts";
import type { Store } from "../store/connect.ts";
import { unsettledConversations } from "../store/load-step.ts";
import { STEP_LIMIT } from "../store/apply.ts";
import type { Group } from "./group.ts";

/** One step with one conversation; resolves whether a further one is needed. */
export type SettleStep = (conversation: string, limit: StepLimit) => Promise<boolean>;

export type Settler = {
  /** Takes the steps that these conversations need, each in its turn between other transactions. */
  begin: (conversations: readonly string[]) => void;
  /** Takes over what another worker began and does not go on with. */
  sweep: () => Promise<void>;
};

/**
 * Gives the events their outcome that a creation or a late close left for later. How far a conversation is stands in its
 * row: a worker that ends in the middle leaves it to the next one that looks.
 */
export function createSettler({
  store,
  group,
  settleStep,
  log,
  stopping,
}: {
  store: Store;
  group: Group;
  settleStep: SettleStep;
  log: Log;
  stopping: AbortSignal;
}): Settler {
  const inHand = new Set<string>();
  /** Where others' conversations were when last looked at: one that has not moved is in nobody's hands. */
  let seen: ReadonlyMap<string, Receipt> = new Map();

  const settle = async (conversation: string): Promise<void> => {
    const step = (limit: StepLimit): Promise<boolean> => group.alone(() => settleStep(conversation, limit));
    for (let isMore = true; isMore;) {
      try {
        isMore = await step(STEP_LIMIT);
      } catch (error) {
        if (stopping.aborted) throw error;
        log.error({ err: error, conversation }, "a step failed, taking its events one by one");
        isMore = await step({ events: 1, units: 1 });
      }
    }
  };

  const begin = (conversations: readonly string[]): void => {
    for (const conversation of conversations) {
      if (inHand.has(conversation)) continue;
      inHand.add(conversation);
      settle(conversation)
        .catch((error: unknown) => {
          // It is found again by the next look, here or by another worker.
          if (!stopping.aborted) log.error({ err: error, conversation }, "a step failed, trying again later");
        })
        .finally(() => inHand.delete(conversation));
    }
  };

  return {
    begin,
    sweep: async () => {
      const found = await unsettledConversations(store);
      const left = [...found].filter(([id, at]) => seen.get(id) === at && !inHand.has(id));
      seen = found;
      begin(left.map(([id]) => id));
    },
  };
}
