import type { AppLoadContext } from "@remix-run/node";
import { idIn } from "../names/id.ts";
import type { Counted } from "../store/list.ts";
import type { Came, FailedAct } from "../rejections/undelivered/act-on-failed.ts";
import type { Api } from "../../server/api.ts";
import { isUnavailable } from "../../server/unavailable.ts";
import { formOf, textOf } from "./form.server.ts";

/** How many answers were given up; `null` when an API of the version before does not tell. Throws what the API's calls throw. */
export async function failedCountOf(api: Api): Promise<Counted | null> {
  const read = await api.counts();
  return read.kind === "ok" ? ((read.data as Partial<typeof read.data>).failed_deliveries ?? null) : null;
}

/** Has the answer sent once more that the form names, or marks it as seen. */
export async function actOnFailedBy(
  request: Request,
  { api }: AppLoadContext,
): Promise<{ act: FailedAct; came: Came }> {
  const form = await formOf(request);
  const act = textOf(form, "act") === "seen" ? "seen" : "again";
  const message = idIn(textOf(form, "message"));
  if (message === null) return { act, came: { kind: "failed", reason: "reason.invalid" } };
  try {
    return { act, came: await doneTo(message, act, api) };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { act, came: { kind: "failed", reason: "reason.queue" } };
  }
}

async function doneTo(message: string, act: FailedAct, api: Api): Promise<Came> {
  const done = await (act === "seen" ? api.markSeen(message) : api.sendAgain(message));
  if (done.kind === "ok") return { kind: act === "seen" ? "seen" : "waiting", delivery: done.data };
  const { code } = done.problem;
  const isGone = code === "NOT_FAILED" || code === "DELIVERY_NOT_FOUND";
  return isGone ? { kind: "gone" } : { kind: "failed", reason: "reason.invalid" };
}
