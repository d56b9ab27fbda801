import type { AppLoadContext } from "@remix-run/node";
import { setTimeout as sleep } from "node:timers/promises";
import { eventType, type Receipt } from "@fio/contracts";
import { carryOver, markSeen, type Carried, type Failed } from "../../server/carry.ts";
import { isUnavailable } from "../../server/unavailable.ts";
import type { TextName } from "../i18n/i18n.ts";
import type { Act, Acted } from "../rejections/see-to.ts";
import { noted } from "./noted.server.ts";
import { stampNow } from "./stamp.server.ts";

const ACTS: readonly Act[] = ["carry", "seen", "replay"];
export const actOf = (text: string): Act | null => ACTS.find((act) => act === text) ?? null;

const ASK_MS = 200;
const LIMIT_MS = 6_000;

/** Does what an agent asked for about a message that was left out; all but its receipt is read from the message itself. */
export async function doAct(
  context: AppLoadContext,
  { act, receipt }: { act: Act; receipt: Receipt },
): Promise<Acted> {
  try {
    switch (act) {
      case "carry": {
        const came = await carryOver({ ...context, stamp: stampNow }, receipt);
        if (came.kind === "carried")
          await noted(context, { action: "carry", receipt, conversation: came.conversation });
        return actedOf(came);
      }
      case "seen": {
        const came = await markSeen({ ...context, stamp: stampNow }, receipt);
        if (came.kind === "seen") await noted(context, { action: "seen", receipt });
        return actedOf(came);
      }
      case "replay":
        return await replay(context, receipt);
    }
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { kind: "failed", reason: "reason.queue" };
  }
}

function actedOf(came: Carried | Awaited<ReturnType<typeof markSeen>>): Acted {
  switch (came.kind) {
    case "carried":
      return { kind: "carried", to: came.conversation };
    case "seen":
      return { kind: "seen" };
    case "gone":
      return { kind: "gone" };
    case "not_carriable":
      return { kind: "failed", reason: "reason.invalid" };
    case "failed":
      return { kind: "failed", reason: reasonOf(came) };
  }
}

function reasonOf({ reason, code }: Failed): TextName {
  if (reason === "queue" || reason === "api") return "reason.queue";
  if (reason === "slow") return "reason.accepted";
  return code === "NOT_AN_AGENT" || code === "SIGNATURE_INVALID" ? "reason.denied" : "reason.invalid";
}

/** Tries one again that failed by our own fault; waits a while for its outcome. */
async function replay({ api }: AppLoadContext, receipt: Receipt): Promise<Acted> {
  const kept = await api.rejection(receipt);
  // Another agent was faster.
  if (kept.kind === "refused") return { kind: "gone" };
  const read = await api.replay(receipt);
  if (read.kind === "refused") return { kind: "failed", reason: "reason.invalid" };
  const { data } = kept.data.event;
  const type = eventType.safeParse(kept.data.event.type);
  // An agent's act has no outcome to be asked for.
  if (!type.success) return { kind: "accepted" };
  for (let waited = 0; waited < LIMIT_MS; waited += ASK_MS) {
    const outcome = await api.outcome(type.data, data["id"] ?? "");
    // Another event under the same id may be the one that was applied.
    if (outcome.kind === "ok" && outcome.data.outcome === "applied" && outcome.data.receipt === receipt)
      return { kind: "applied" };
    await sleep(ASK_MS);
  }
  return { kind: "accepted" };
}
