import type { AppLoadContext } from "@remix-run/node";
import { idIn } from "../names/id.ts";
import type { Counted } from "../store/list.ts";
import type { SentAgain } from "../rejections/undelivered/send-again.ts";
import type { Api } from "../../server/api.ts";
import { isUnavailable } from "../../server/unavailable.ts";
import { formOf, textOf } from "./form.server.ts";

/** How many answers were given up; `null` when an API of the version before does not tell. Throws what the API's calls throw. */
export async function failedCountOf(api: Api): Promise<Counted | null> {
  const read = await api.counts();
  return read.kind === "ok" ? ((read.data as Partial<typeof read.data>).failed_deliveries ?? null) : null;
}

/** Has the answer sent once more that the form names. */
export async function sendAgainBy(request: Request, { api }: AppLoadContext): Promise<SentAgain> {
  const message = idIn(textOf(await formOf(request), "message"));
  if (message === null) return { kind: "failed", reason: "reason.invalid" };
  try {
    const sent = await api.sendAgain(message);
    if (sent.kind === "ok") return { kind: "waiting", delivery: sent.data };
    const { code } = sent.problem;
    const isGone = code === "NOT_FAILED" || code === "DELIVERY_NOT_FOUND";
    return isGone ? { kind: "gone" } : { kind: "failed", reason: "reason.invalid" };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { kind: "failed", reason: "reason.queue" };
  }
}
