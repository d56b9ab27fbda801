import type { AcceptedAct, Outcome, Receipt } from "@fio/contracts";
import { byReceipt, contentOf } from "../domain/index.ts";
import { contentHash } from "./content-hash.ts";
import {
  deleteFailedActs,
  markResolved,
  selectActs,
  upsertActs,
  type KnownActRow,
  type RefusedRow,
} from "./resolution-statements.ts";
import { receiptFrom, type StoredReceipt } from "./rows.ts";
import { together, type Connection } from "./sql.ts";

/** What came of acts, and what readers have to be told of. */
export type SavedActs = {
  /** Of every act, and of those that they repeat. */
  outcomes: Map<Receipt, Outcome>;
  /** Refused events of which something new is known. */
  resolved: RefusedRow[];
  /** Acts that were kept as INTERNAL_ERROR until now. */
  applied: Array<{ receipt: StoredReceipt; conversation_id: string }>;
};

const NONE: SavedActs = { outcomes: new Map(), resolved: [], applied: [] };

/** Takes agents' acts into the store: nothing they say depends on what else it holds. In one round trip. */
export async function saveActs(connection: Connection, acts: readonly AcceptedAct[]): Promise<SavedActs> {
  if (acts.length === 0) return NONE;
  const distinct = [...Map.groupBy(acts.toSorted(byReceipt), ({ event }) => contentOf(event)).values()]
    .map(([lowest]) => lowest)
    .filter((lowest) => lowest !== undefined);
  const [changed, known, marked, applied] = (await together(connection, [
    upsertActs(connection, distinct),
    selectActs(
      connection,
      distinct.map(({ event }) => contentHash(event)),
    ),
    markResolved(connection, distinct),
    deleteFailedActs(
      connection,
      acts.map(({ receipt }) => receipt),
    ),
  ])) as [Array<{ refused_receipt: StoredReceipt }>, KnownActRow[], RefusedRow[], SavedActs["applied"]];

  const isNew = new Set(changed.map((row) => receiptFrom(row.refused_receipt)));
  const countsAt = new Map(known.map((row) => [row.content_hash, receiptFrom(row.act_receipt)]));
  const outcomes = new Map<Receipt, Outcome>();
  for (const { receipt, event } of acts) {
    const of = countsAt.get(contentHash(event)) ?? receipt;
    outcomes.set(of, { kind: "applied" });
    if (of !== receipt) outcomes.set(receipt, { kind: "duplicate", of });
  }
  return { outcomes, resolved: marked.filter((row) => isNew.has(receiptFrom(row.receipt))), applied };
}
