import type { Received } from "../../support/receiver.ts";

/** A message that was accepted: by its receipt it stands among those of its conversation. */
export type Expected = {
  id: string;
  conversation: string;
  content: string;
  receipt: string;
  refused: boolean;
};

export type Verdict = { lost: string[]; doubled: string[]; outOfOrder: string[] };

/**
 * What a receiver that honours ids has, held against what was accepted: `received` is in the order in which each message was
 * first taken. Contents are each message's own, so that one which came under a second id is found.
 */
export function judge(expected: readonly Expected[], received: readonly Received[]): Verdict {
  const has = new Set(received.map(({ id }) => id));
  const lost = expected.filter(({ id, refused }) => !refused && !has.has(id)).map(({ id }) => id);
  const known = new Map(expected.map((one) => [one.content, one]));
  const seen = new Set<string>();
  const last = new Map<string, string>();
  const doubled: string[] = [];
  const outOfOrder: string[] = [];
  for (const { id, body } of received) {
    const { content } = body.data.message;
    const one = known.get(content);
    if (one === undefined || one.id !== id || seen.has(content)) doubled.push(id);
    seen.add(content);
    if (one === undefined) continue;
    if (one.receipt < (last.get(one.conversation) ?? "")) outOfOrder.push(id);
    last.set(one.conversation, one.receipt);
  }
  return { lost, doubled, outOfOrder };
}

export const isSound = ({ lost, doubled, outOfOrder }: Verdict): boolean =>
  lost.length + doubled.length + outOfOrder.length === 0;
