import { keysOf, type Receipt } from "@fio/contracts";
import type { Partitions } from "@fio/service/partitions";
import type { Store } from "../store/connect.ts";
import { knownReceipts } from "../store/deliveries.ts";

/** Whether something that an agent wrote earlier in this conversation is accepted and not yet applied. Throws when it cannot be asked. */
export type AnswersBefore = (message: { conversation: string; receipt: Receipt }) => Promise<boolean>;

/**
 * What is new goes ahead of a backlog, also of what was written before it in its own conversation. Ingest notes the receipts of
 * what agents write; those that the store does not know are on their way, or repetitions, which leave nothing there.
 */
export function createAnswersBefore({
  partitions,
  store,
}: {
  partitions: Pick<Partitions, "at" | "used">;
  store: Store;
}): AnswersBefore {
  return async ({ conversation, receipt }) => {
    const noted = await Promise.all(
      Array.from({ length: partitions.used() }, (_, one) =>
        partitions.at(one).get(`${keysOf(one).answers}:${conversation}`),
      ),
    );
    const earlier = noted
      .flatMap((text) => (text === null ? [] : (text.split(",") as Receipt[])))
      .filter((one) => one < receipt);
    if (earlier.length === 0) return false;
    const known = await knownReceipts(store, conversation, earlier);
    return earlier.some((one) => !known.has(one));
  };
}
