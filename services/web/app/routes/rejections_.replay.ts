import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { setTimeout as sleep } from "node:timers/promises";
import { receipt as receiptSchema, type EventType } from "@fio/contracts";
import { formOf, textOf } from "../server/form.server.ts";
import { idIn } from "../names/id.ts";
import type { Replayed } from "../outbox/answers.ts";
import { isUnavailable } from "../../server/unavailable.ts";

const ASK_MS = 200;
const LIMIT_MS = 6_000;

/** Replays an event that failed with an internal error; waits a while for its outcome. */
export async function action({ request, context }: ActionFunctionArgs): Promise<Replayed> {
  const form = await formOf(request);
  const receipt = receiptSchema.safeParse(textOf(form, "receipt"));
  if (!receipt.success) return { kind: "failed", reason: "reason.invalid" };
  try {
    const read = await context.api.replay(receipt.data);
    if (read.kind === "refused") return { kind: "failed", reason: "reason.invalid" };
    const type = textOf(form, "type") as EventType;
    const id = idIn(textOf(form, "id"));
    for (let waited = 0; id !== null && waited < LIMIT_MS; waited += ASK_MS) {
      const outcome = await context.api.outcome(type, id);
      // Another event under the same id may be the one that was applied.
      const applied = outcome.kind === "ok" && outcome.data.outcome === "applied";
      if (applied && outcome.data.receipt === receipt.data) return { kind: "applied" };
      await sleep(ASK_MS);
    }
    return { kind: "accepted" };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { kind: "failed", reason: "reason.queue" };
  }
}

export const loader = () => redirect("/rejections");
