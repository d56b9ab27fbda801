import type { Resolution } from "@fio/contracts";
import type { TextName } from "../i18n/i18n.ts";
import { dataPath } from "../names/paths.ts";
import { createTabProgress } from "./tab-progress.ts";

/** What an agent can do about a message that was left out. */
export type Act = "carry" | "seen" | "replay";

/** What came of it. `carried` names the new conversation; `accepted`: on its way, and shown by the list when it is there. `gone`: left out no longer. */
export type Acted =
  | { kind: "carried"; to: string }
  | { kind: "seen" }
  | { kind: "applied" }
  | { kind: "accepted" }
  | { kind: "gone" }
  | { kind: "failed"; reason: TextName };

export type Progress =
  | { act: Act; kind: "pending" }
  | { act: Act; kind: "failed"; reason: TextName }
  | { act: Act; kind: "done"; acted: Acted };

/** By receipt: one message may be in its thread and in the details beside it. */
const progress = createTabProgress<Progress>();

/**
 * Posts it; resolves to what came of it, failures too. The server reads all but the receipt from the message itself, and
 * does the same thing only once, however often it is asked.
 */
export async function seeTo(receipt: string, act: Act): Promise<Acted | null> {
  if (progress.of(receipt)?.kind === "pending") return null;
  progress.set(receipt, { act, kind: "pending" });
  const acted = await fetch(dataPath.seeTo, { method: "POST", body: new URLSearchParams({ receipt, act }) })
    .then(async (answer) => (await answer.json()) as Acted)
    .catch((): Acted => ({ kind: "failed", reason: "reason.queue" }));
  progress.set(
    receipt,
    acted.kind === "failed" ? { act, kind: "failed", reason: acted.reason } : { act, kind: "done", acted },
  );
  return acted;
}

export const useProgress = (receipt: string): Progress | undefined => progress.use(receipt);

/** What an agent did about it: what this tab knows, before the server's list tells it. */
export function resolvedBy(
  told: Pick<Resolution, "how" | "carried_to"> | null,
  own: Progress | undefined,
): Pick<Resolution, "how" | "carried_to"> | null {
  if (own?.kind !== "done") return told;
  if (own.acted.kind === "carried") return { how: "carried", carried_to: own.acted.to };
  return own.acted.kind === "seen" ? (told ?? { how: "seen" }) : told;
}
