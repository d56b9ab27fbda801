import type { FailedDelivery, MessageDelivery } from "@fio/contracts";
import type { TextName } from "../../i18n/i18n.ts";
import { dataPath } from "../../names/paths.ts";
import { createTabProgress } from "../tab-progress.ts";

/** What came of it. `gone`: it is not one that was given up any more, as where a colleague was faster. */
export type SentAgain =
  { kind: "waiting"; delivery: MessageDelivery } | { kind: "gone" } | { kind: "failed"; reason: TextName };

export type FailedPage = { deliveries: readonly FailedDelivery[]; next: string | null };

/** A message may be given up once more after it was tried again: then it is another matter. */
export type Failed = { id: string; version: number };
const keyOf = ({ id, version }: Failed): string => `${id} ${version}`;

const progress = createTabProgress<SentAgain | "pending">();

/** Has it sent once more, and gives what came of it, failures too, before anything else shows it; not while that is under way. */
export async function sendAgain(failed: Failed, came: (sent: SentAgain) => void): Promise<void> {
  const key = keyOf(failed);
  if (progress.of(key) === "pending") return;
  progress.set(key, "pending");
  const body = new URLSearchParams({ message: failed.id });
  const sent = await fetch(dataPath.deliveries, { method: "POST", body })
    .then(async (answer) => (await answer.json()) as SentAgain)
    .catch((): SentAgain => ({ kind: "failed", reason: "reason.queue" }));
  came(sent);
  progress.set(key, sent);
}

export const useSentAgain = (failed: Failed): SentAgain | "pending" | undefined =>
  progress.use(keyOf(failed));
