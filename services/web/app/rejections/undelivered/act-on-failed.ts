import type { FailedDelivery, MessageDelivery } from "@fio/contracts";
import type { TextName } from "../../i18n/i18n.ts";
import { dataPath } from "../../names/paths.ts";
import { createTabProgress } from "../tab-progress.ts";

/** What an agent can do about an answer that was given up: it is sent once more, or needs nothing more. */
export type FailedAct = "again" | "seen";

/** What came of it. `gone`: it is not one that was given up any more, as where a colleague was faster. */
export type Came =
  | { kind: "waiting" | "seen"; delivery: MessageDelivery }
  | { kind: "gone" }
  | { kind: "failed"; reason: TextName };

export type FailedPage = { deliveries: readonly FailedDelivery[]; next: string | null };

/** A message may be given up once more after it was tried again: then it is another matter. */
export type Failed = { id: string; version: number };
const keyOf = ({ id, version }: Failed): string => `${id} ${version}`;

/** `came` null: it is under way. */
export type ActProgress = { act: FailedAct; came: Came | null };

const progress = createTabProgress<ActProgress>();

/** Does it, and gives what came of it, failures too, before anything else shows it; not while something is under way. */
export async function actOnFailed(failed: Failed, act: FailedAct, tell: (came: Came) => void): Promise<void> {
  const key = keyOf(failed);
  if (progress.of(key)?.came === null) return;
  progress.set(key, { act, came: null });
  const body = new URLSearchParams({ message: failed.id, act });
  const came = await fetch(dataPath.deliveries, { method: "POST", body })
    .then(async (answer) => (await answer.json()) as Came)
    .catch((): Came => ({ kind: "failed", reason: "reason.queue" }));
  tell(came);
  progress.set(key, { act, came });
}

export const useActProgress = (failed: Failed): ActProgress | undefined => progress.use(keyOf(failed));
