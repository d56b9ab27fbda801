import { ARRIVAL_NOT_KNOWN } from "@fio/contracts/message-state";
import type { Log } from "@fio/service/log";
import { callbackDataOf } from "../callback-data.ts";
import { callGraph, type Graph, type Reply } from "./graph.ts";
import { isEnd, type Entry, type Ledger } from "./ledger.ts";
import type { OutboundMetrics } from "./metrics.ts";
import type { Parcel } from "./parcel.ts";
import type { Tell } from "./tell.ts";
import { codeOf, verdictOn, type Verdict } from "./verdict.ts";

/**
 * What is to be done with a message's job: it is done, and `next` may have its turn; or it comes again after a while; or with
 * it all that is sent from its number.
 */
export type Step =
  | { kind: "done"; next: string | null }
  | { kind: "later"; afterMs: number }
  | { kind: "all later"; afterMs: number };

export type Patience = {
  /** How long statuses are waited for when it is not known whether a message arrived. */
  askMs: number;
  /** How long after it was written a message is tried: then the window in which it may arrive has ended in any case. */
  giveUpMs: number;
};
export const PATIENCE: Patience = { askMs: 10 * 60_000, giveUpMs: 24 * 60 * 60_000 };

/** Whose turn is not yet is woken by the one before it; this is for when that one's process died. */
const NOT_ITS_TURN_MS = 5_000;
/** How long after ingest did not take a status it is told again. */
const TOLD_AGAIN_MS = 1_000;
/** Meta tells whole seconds, by its own clock: a status of the very attempt must count as later than our doubt about it. */
const BEFORE_MS = 5_000;

/** Takes one message one step further. Throws what Redis throws. */
export type Sender = (number: string, parcel: Parcel) => Promise<Step>;

export function createSender({
  graph,
  ledger,
  tell,
  metrics,
  log,
  now,
  hasJob,
  patience,
}: {
  graph: Graph;
  ledger: Ledger;
  tell: Tell;
  metrics: OutboundMetrics;
  log: Log;
  now: () => number;
  /** Whether a message of this number still has its job. */
  hasJob: (number: string, id: string) => Promise<boolean>;
  patience: Patience;
}): Sender {
  /** Refusals of a whole number, one after the other. */
  const refusals = new Map<string, number>();

  const done = async ({ id, conversation }: Parcel): Promise<Step> => ({
    kind: "done",
    next: await ledger.leave(id, conversation),
  });

  /** It may have arrived: a status decides, or after a while the agent. */
  const ask = async (parcel: Parcel, { sentAt }: Pick<Entry, "sentAt">): Promise<Step> => {
    const left = sentAt + patience.askMs - now();
    if (left > 0) return { kind: "later", afterMs: left };
    const failure = { at: sentAt - BEFORE_MS, detail: ARRIVAL_NOT_KNOWN, end: "unknown" };
    if (!(await ledger.move(parcel.id, ["asked"], "failing", failure))) return done(parcel);
    log.warn({ message: parcel.id }, "no status came: it is not known whether the message arrived");
    return say(parcel);
  };

  /** Tells Fio that it did not arrive. */
  const say = async (parcel: Parcel): Promise<Step> => {
    const { id, conversation } = parcel;
    const failure = (await ledger.read(id))?.failure;
    if (failure === null || failure === undefined) return done(parcel);
    if (!(await tell({ id, conversation, at: failure.at, detail: failure.detail }))) {
      log.warn({ message: id }, "ingest did not take a status, telling it again");
      return { kind: "later", afterMs: TOLD_AGAIN_MS };
    }
    await ledger.move(id, ["failing"], failure.end);
    return done(parcel);
  };

  const fail = async (parcel: Parcel, detail: string): Promise<Step> =>
    (await ledger.move(parcel.id, ["sending", "queued"], "failing", { at: now(), detail, end: "failed" }))
      ? say(parcel)
      : done(parcel);

  const send = async (number: string, parcel: Parcel, { tries }: Entry): Promise<Step> => {
    const { id, conversation, text, to } = parcel;
    const sentAt = now();
    // On disk before the first byte leaves: whoever finds it so asks, and sends nothing.
    if (!(await ledger.move(id, ["queued"], "sending", { sentAt }))) return done(parcel);
    const reply = await callGraph(graph, `${number}/messages`, {
      body: {
        messaging_product: "whatsapp",
        recipient_type: "individual",
        ...to,
        type: "text",
        text: { body: text },
        biz_opaque_callback_data: callbackDataOf({ messageId: id, conversationId: conversation }),
      },
    });
    const verdict = verdictOn(reply, { tries, numberTries: refusals.get(number) ?? 0 });
    await note(number, parcel, verdict, { tries, tookMs: now() - sentAt, reply });
    switch (verdict.kind) {
      case "accepted":
        await ledger.move(id, ["sending", "asked"], "accepted");
        return done(parcel);
      case "not_known":
        await ledger.move(id, ["sending"], "asked");
        return step(number, parcel);
      case "failed":
        return fail(parcel, verdict.detail);
      case "again":
      case "stopped":
        if (now() - parcel.writtenAt >= patience.giveUpMs) return fail(parcel, verdict.detail);
        if (!(await ledger.move(id, ["sending"], "queued", { tries: tries + 1 }))) return done(parcel);
        return verdict.kind === "stopped" || verdict.all
          ? { kind: "all later", afterMs: verdict.afterMs }
          : { kind: "later", afterMs: verdict.afterMs };
    }
  };

  /** For those who look after it: counted, logged, and the number marked. */
  const note = async (
    number: string,
    { id, conversation }: Parcel,
    verdict: Verdict,
    { tries, tookMs, reply }: { tries: number; tookMs: number; reply: Reply },
  ): Promise<void> => {
    const detail = verdict.kind === "accepted" ? "" : verdict.detail;
    metrics.attempts.inc({ number, result: verdict.kind, code: codeOf(detail) ?? "" });
    const facts = {
      ...{ message: id, conversation, number, tries, tookMs, result: verdict.kind },
      ...(verdict.kind === "accepted" ? { wamid: verdict.wamid } : { detail }),
      ...(reply.kind === "answered" ? { status: reply.status } : {}),
    };
    const serious = verdict.kind === "stopped" || (verdict.kind === "failed" && verdict.serious);
    log[serious ? "error" : verdict.kind === "accepted" ? "info" : "warn"](facts, "sent to the Graph API");
    if (verdict.kind === "accepted" || (verdict.kind === "failed" && !verdict.serious)) {
      refusals.delete(number);
      await ledger.stop(number, null);
    } else if (verdict.kind === "again" && verdict.all) {
      refusals.set(number, (refusals.get(number) ?? 0) + 1);
    } else if (serious) {
      await ledger.stop(number, detail);
    }
  };

  const step: Sender = async (number, parcel) => {
    const { id, conversation } = parcel;
    const entry = await ledger.read(id);
    if (entry === null || isEnd(entry.stand)) return done(parcel);
    const head = await ledger.head(conversation);
    if (head !== null && head !== id) {
      // One that lost its job would hold up the others for ever.
      if (!(await hasJob(number, head))) await ledger.leave(head, conversation);
      return { kind: "later", afterMs: NOT_ITS_TURN_MS };
    }
    switch (entry.stand) {
      case "queued":
        return send(number, parcel, entry);
      case "sending":
        // Its process died, or is silent: nobody knows how far it came.
        await ledger.move(id, ["sending"], "asked");
        return step(number, parcel);
      case "asked":
        return ask(parcel, entry);
      case "failing":
        return say(parcel);
      default:
        return done(parcel);
    }
  };
  return step;
}
