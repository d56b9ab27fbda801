import type { Change, Receipt, Rejection } from "@fio/contracts";

type Frame = Extract<Change, { event: "rejection" }>;
type Heard = { version: number; rejection: Rejection | null; order: number };
type Known = {
  read: readonly Rejection[];
  readOrder: number;
  heard: Map<Receipt, Heard>;
  shown: readonly Rejection[];
};

const CONVERSATIONS_KEPT = 20;
const NONE: readonly Rejection[] = [];

/**
 * The messages that conversations left out, from answers and from frames of the stream in any order: of frames the highest
 * version counts, and what was heard after an answer was asked for counts before the answer.
 */
export function createRefused() {
  const known = new Map<string, Known>();
  const listeners = new Set<() => void>();
  let order = 0;

  const of = (conversation: string): Known =>
    known.get(conversation) ?? { read: NONE, readOrder: 0, heard: new Map(), shown: NONE };
  const keep = (conversation: string, next: Omit<Known, "shown">): void => {
    known.delete(conversation);
    known.set(conversation, { ...next, shown: shownOf(next) });
    const oldest = known.keys().next().value;
    if (known.size > CONVERSATIONS_KEPT && oldest !== undefined) known.delete(oldest);
    for (const listener of listeners) listener();
  };

  return {
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Newest last. */
    list: (conversation: string): readonly Rejection[] => known.get(conversation)?.shown ?? NONE,
    /** To be given back with the answer: what was heard before it is older. */
    ask: (): number => (order += 1),
    answer: (conversation: string, read: readonly Rejection[], asked: number): void => {
      const before = of(conversation);
      if (asked < before.readOrder) return;
      const heard = new Map([...before.heard].filter((each) => each[1].order > asked));
      keep(conversation, { read, readOrder: asked, heard });
    },
    hear: ({ conversation_id, receipt, version, rejection }: Frame): void => {
      const before = of(conversation_id);
      const last = before.heard.get(receipt);
      if (last !== undefined && last.version > version) return;
      order += 1;
      const heard = new Map(before.heard).set(receipt, { version, rejection, order });
      keep(conversation_id, { ...before, heard });
    },
  };
}

function shownOf({ read, heard }: Omit<Known, "shown">): readonly Rejection[] {
  const byReceipt = new Map<Receipt, Rejection | null>(
    read.map((rejection) => [rejection.receipt, rejection]),
  );
  for (const [receipt, { rejection }] of heard) byReceipt.set(receipt, rejection);
  return [...byReceipt.values()]
    .filter((rejection) => rejection !== null)
    .sort((a, b) => (a.receipt < b.receipt ? -1 : 1));
}
