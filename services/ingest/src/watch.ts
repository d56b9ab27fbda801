import type { Receipt, Reply } from "@fio/contracts";

/** One request's wait for the outcomes of its events. */
export type Watch = {
  begin: (receipts: readonly Receipt[]) => void;
  /** The replies in the order of the receipts, once all are there; `undefined` for what is missing after `ms`. */
  within: (ms: number) => Promise<ReadonlyArray<Reply | undefined>>;
  /** Frees what it holds; a wait that is under way ends with what is there. */
  end: () => void;
};

/** Who is to hear of a receipt. */
export type Listeners = Map<Receipt, (reply: Reply) => void>;

/** `early` gives a reply that came before it was known whom it is for. */
export function createWatch({
  listeners,
  early,
  onBegin,
  onEnd,
}: {
  listeners: Listeners;
  early: (receipt: Receipt) => Reply | undefined;
  onBegin: () => void;
  onEnd: () => void;
}): Watch {
  let awaited: readonly Receipt[] = [];
  let found: Array<Reply | undefined> = [];
  let missing = 0;
  let ended = false;
  let wake = (): void => {};

  const end = (): void => {
    if (ended) return;
    ended = true;
    for (const receipt of awaited) listeners.delete(receipt);
    wake();
    onEnd();
  };
  return {
    begin: (receipts) => {
      // Its sender may have left while the events were on their way to Redis.
      if (ended) return;
      awaited = receipts;
      missing = receipts.length;
      found = receipts.map(() => undefined);
      for (const [index, receipt] of receipts.entries()) {
        const hear = (reply: Reply): void => {
          // Announcements are at least once.
          if (found[index] !== undefined) return;
          found[index] = reply;
          missing -= 1;
          if (missing === 0) wake();
        };
        const reply = early(receipt);
        if (reply === undefined) listeners.set(receipt, hear);
        else hear(reply);
      }
      onBegin();
    },
    within: async (ms) => {
      if (missing > 0 && !ended) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      end();
      return found;
    },
    end,
  };
}
