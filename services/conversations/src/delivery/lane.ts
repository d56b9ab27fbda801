import { backoffMs, type Backoff } from "@fio/service/backoff";
import type { Log } from "@fio/service/log";
import type { Store } from "../store/connect.ts";
import { takeTurns, type Attempted, type Taken, type Turn } from "../store/delivery-turns.ts";
import type { Announcement } from "../store/outbox.ts";
import { untilDone } from "../store/retry.ts";
import type { AnswersBefore } from "./answers-before.ts";
import { bodyOf } from "./body.ts";
import type { Circuit } from "./circuit.ts";
import { gather } from "./gather.ts";
import type { DeliveryMetrics } from "./metrics.ts";
import type { Order } from "./order.ts";
import { post, type Answer, type Receiver } from "./post.ts";

/** Longer than an attempt can take. After it, what a killed process had in hand is somebody else's. */
const LEASE_MS = 20_000;
/** How long a message is tried. */
const GIVE_UP_MS = 3 * 24 * 60 * 60_000;
const BACKOFF: Backoff = { firstMs: 1_000, longestMs: 5 * 60_000 };
/** How long what was accepted before a message is waited for while the conversation's turn is held. */
const PATIENCE_MS = 500;
/** How long a message is held behind what was written before it in its conversation, and waits to be applied. */
const BEHIND_EARLIER_MS = 60 * 60_000;
const TURNS_AT_ONCE = 256;

export type Lane = {
  /** Sends what the conversation has to send, one after the other, until nothing is left, due, or to be tried now. */
  run: (conversation: string) => Promise<void>;
};

export function createLane({
  store,
  receiver,
  circuit,
  order,
  answersBefore,
  metrics,
  log,
  now,
  announce,
  stopping,
  cutOff,
}: {
  store: Store;
  receiver: Receiver;
  circuit: Circuit;
  order: Order;
  answersBefore: AnswersBefore;
  metrics: DeliveryMetrics;
  log: Log;
  now: () => number;
  /** Tells everyone; never throws. */
  announce: (announcement: Announcement | null) => Promise<unknown>;
  /** Nothing more is begun. */
  stopping: AbortSignal;
  /** What is under way is given up. */
  cutOff: AbortSignal;
}): Lane {
  const inHand = new Set<string>();
  /** Conversations whose turns come together share a transaction. */
  const takeTurn = gather<Turn, Taken | null>(
    async (turns) => {
      const { taken, announcement } = await untilDone(
        () => takeTurns(store, { turns, now: now(), leaseMs: LEASE_MS }),
        {
          signal: stopping,
        },
      );
      void announce(announcement);
      return turns.map(({ conversation }) => taken.get(conversation) ?? null);
    },
    { most: TURNS_AT_ONCE },
  );

  /** What there is to do about what was taken; `waited`: it may have been taken out meanwhile. */
  const attempt = async (taken: Taken): Promise<{ result: Attempted; next: boolean }> => {
    const place = await order.reaches(taken.receipt, PATIENCE_MS);
    if (place === "later") return { result: { kind: "untouched", dueAt: now() }, next: true };
    const heldMs = now() - taken.createdAt;
    if (place === "not_yet" && (heldMs < order.heldForMs() || (await isBehindEarlier(taken, heldMs))))
      return { result: untouchedFor(1_000), next: false };
    if (stopping.aborted || !circuit.enter()) return { result: untouchedFor(0), next: false };
    const body = bodyOf(taken);
    try {
      const answer = await post(receiver, { id: taken.message.id, body, signal: cutOff, now });
      const result = resultOf(taken, answer);
      tell(taken, answer, result);
      return { result, next: result.kind !== "again" && !stopping.aborted };
    } catch (error) {
      // The process stops: whether it has arrived is not known, and the next attempt has the same id.
      circuit.left();
      if (!cutOff.aborted) throw error;
      return { result: untouchedFor(0), next: false };
    }
  };

  const isBehindEarlier = async (taken: Taken, heldMs: number): Promise<boolean> =>
    heldMs < BEHIND_EARLIER_MS && (await answersBefore(taken).catch(() => true));

  const untouchedFor = (ms: number): Attempted => ({ kind: "untouched", dueAt: now() + ms });

  const resultOf = (taken: Taken, answer: Answer): Attempted => {
    if (answer.kind === "has_it") return { kind: "delivered" };
    const { reason, detail } = answer;
    if (answer.kind === "refused") return { kind: "failed", reason, detail };
    if (now() - (taken.startedAt ?? now()) >= GIVE_UP_MS) return { kind: "failed", reason, detail };
    const wait = Math.max(backoffMs(taken.attempts + 1, BACKOFF), answer.retryAfterMs ?? 0);
    return { kind: "again", dueAt: now() + Math.ceil(wait), reason, detail };
  };

  const tell = (taken: Taken, answer: Answer, result: Attempted): void => {
    if (answer.kind === "not_now") circuit.failed(answer.retryAfterMs);
    else circuit.succeeded();
    metrics.attempts.inc({ outcome: answer.kind === "has_it" ? "delivered" : answer.kind });
    if (answer.kind === "has_it") {
      metrics.seconds.observe(Math.max(0, now() - taken.createdAt) / 1_000);
      return;
    }
    metrics.notDelivered.inc({ reason: answer.reason });
    const facts = { message: taken.message.id, reason: answer.reason, attempts: taken.attempts + 1 };
    if (result.kind !== "failed") {
      log.debug(facts, "a message was not delivered, trying again");
      return;
    }
    metrics.givenUp.inc({ reason: answer.reason });
    log.warn(facts, "a message is not delivered");
  };

  const run = async (conversation: string): Promise<void> => {
    let attempted: Turn["attempted"] = null;
    for (let next = true; attempted !== null || next;) {
      // What is applied in the moments before belongs before it.
      if (next && attempted === null) await order.caughtUp(PATIENCE_MS / 2);
      const taken = await takeTurn({ conversation, attempted, next });
      if (taken === null) return;
      const { result, next: goesOn } = await attempt(taken);
      attempted = { taken, result };
      next = goesOn;
    }
  };

  return {
    run: async (conversation) => {
      if (inHand.has(conversation) || stopping.aborted || !circuit.mayEnter()) return;
      inHand.add(conversation);
      try {
        await run(conversation);
      } finally {
        inHand.delete(conversation);
      }
    },
  };
}
