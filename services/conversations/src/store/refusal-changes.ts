import { isWaiting, type Change, type Receipt, type Rejection, type Resolution } from "@fio/contracts";
import type { LoadedConversation } from "./load-lookups.ts";
import type { Decision } from "../domain/index.ts";
import { keptFrom, resolutionOf, type RefusedRow, type ResolutionRow } from "./resolution-statements.ts";
import { receiptFrom, type StoredConversation } from "./rows.ts";
import type { SavedActs } from "./save-acts.ts";

/** What a transaction changes about the refused events of one conversation. */
export type RefusalChanges = {
  /** New ones, those with another reason, and those that agents saw to. */
  refused: Array<Omit<Rejection, "resolution">>;
  /** Those that are refused no longer. */
  undone: Receipt[];
};

export function refusalChanges(
  { decision, loaded, stored }: LoadedConversation & { decision: Decision },
  acts: SavedActs,
): RefusalChanges {
  const { id } = stored.record;
  const before = new Map(loaded.unapplied.map(({ receipt, reason }) => [receipt, reason]));
  const gone = new Set(decision.removeUnapplied);
  const refused = new Map<Receipt, Omit<Rejection, "resolution">>();
  for (const row of acts.resolved) {
    const receipt = receiptFrom(row.receipt);
    if (row.conversation_id === id && !gone.has(receipt)) refused.set(receipt, rejectionFrom(row));
  }
  for (const { receipt, event, reason, detail } of decision.addUnapplied) {
    if (before.get(receipt) === reason && !refused.has(receipt)) continue;
    // It only waits, and soon has what it waits for.
    if (reason === "MESSAGE_NOT_FOUND") continue;
    const more = detail === undefined ? {} : { detail };
    refused.set(receipt, { receipt, conversation_id: id, event, reason, ...more });
  }
  return {
    refused: [...refused.values()],
    undone: [
      // Nobody was shown what waited as refused.
      ...decision.removeUnapplied.filter((receipt) => !isWaiting(before.get(receipt) ?? "INTERNAL_ERROR")),
      ...acts.applied
        .filter(({ conversation_id }) => conversation_id === id)
        .map(({ receipt }) => receiptFrom(receipt)),
    ],
  };
}

const rejectionFrom = (row: RefusedRow): Omit<Rejection, "resolution"> => ({
  ...keptFrom(row),
  conversation_id: row.conversation_id,
});

/** What agents did, by the refused event: a receipt names one only together with its conversation. */
export type Resolutions = ReadonlyMap<string, Resolution>;

export const refusedKey = (receipt: Receipt, conversation: string): string => `${receipt} ${conversation}`;

export const resolutionsFrom = (rows: readonly ResolutionRow[]): Resolutions =>
  new Map(
    rows.flatMap((row): Array<[string, Resolution]> => {
      const resolution = resolutionOf(row);
      return resolution === null
        ? []
        : [[refusedKey(receiptFrom(row.receipt), row.conversation_id), resolution]];
    }),
  );

/** What clients are told of it that have the conversation open. None for a placeholder. */
export function refusalFrames(
  { record: { id, created }, version }: StoredConversation,
  { refused, undone }: RefusalChanges,
  resolutions: Resolutions,
): Change[] {
  if (created === null) return [];
  const of = { event: "rejection", conversation_id: id, version } as const;
  return [
    ...refused.map((one): Change => ({
      ...of,
      receipt: one.receipt,
      rejection: { ...one, resolution: resolutions.get(refusedKey(one.receipt, id)) ?? null },
    })),
    ...undone.map((receipt): Change => ({ ...of, receipt, rejection: null })),
  ];
}

/** What everyone is told of it: that there is something else to be read, and whether an agent has to see to it. */
export function refusalsFrames(
  settled: ReadonlyArray<LoadedConversation & { decision: Decision }>,
  { resolved, applied }: SavedActs,
  resolutions: Resolutions,
  anyRecovered: boolean,
): Change[] {
  const kinds = new Set<Extract<Change, { event: "refusals" }>["what"]>();
  for (const { decision, loaded, stored } of settled) {
    const before = new Map(loaded.unapplied.map(({ receipt, reason }) => [receipt, reason]));
    for (const { receipt, event, reason } of decision.addUnapplied) {
      if (before.get(receipt) === reason) continue;
      const late =
        reason === "CONVERSATION_CLOSED" &&
        event.type === "NEW_MESSAGE" &&
        event.data.direction === "RECEIVED";
      const toResolve =
        (late || reason === "INTERNAL_ERROR") && !resolutions.has(refusedKey(receipt, stored.record.id));
      kinds.add(isWaiting(reason) ? "waiting" : toResolve ? "to_resolve" : "other");
    }
    if (decision.removeUnapplied.length > 0) kinds.add("other");
  }
  if (anyRecovered || resolved.length + applied.length > 0) kinds.add("other");
  return [...kinds].map((what) => ({ event: "refusals", what, reported_in: 0 }));
}
