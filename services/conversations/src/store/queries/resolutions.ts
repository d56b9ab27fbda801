import type { Knex } from "knex";
import { CARRIED_MAX, type CarriedFrom, type Resolution } from "@fio/contracts";
import { resolutionFrom, type ResolutionRow } from "../resolution-statements.ts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import { rawRows } from "./raw.ts";

/** Of a row joined to the act that counts for it, if there is any. */
export const RESOLUTION_COLUMNS = "resolutions.how, resolutions.carried_to, resolutions.act_receipt";

export type ResolutionColumns = {
  [Name in "how" | "carried_to" | "act_receipt"]: ResolutionRow[Name] | null;
};

export const resolutionOf = ({ how, carried_to, act_receipt }: ResolutionColumns): Resolution | null =>
  how === null || act_receipt === null ? null : resolutionFrom({ how, carried_to, act_receipt });

/** Where refused messages were carried from into a conversation: at most {@link CARRIED_MAX} of them, by receipt. */
export async function readCarriedFrom(db: Knex, id: string): Promise<CarriedFrom[]> {
  type Row = { conversation_id: string; refused_receipt: StoredReceipt };
  const rows = await rawRows<Row>(
    db,
    `select conversation_id, refused_receipt from resolutions as carried
      where carried_to = :id and not exists (select 1 from resolutions as later
        where later.refused_receipt = carried.refused_receipt and later.conversation_id = carried.conversation_id
          and later.act_receipt > carried.act_receipt)
      order by refused_receipt limit :limit`,
    { id, limit: CARRIED_MAX },
  );
  const groups = Map.groupBy(rows, ({ conversation_id }) => conversation_id);
  return [...groups].map(([conversation_id, group]) => ({
    conversation_id,
    receipts: group.map(({ refused_receipt }) => receiptFrom(refused_receipt)),
  }));
}
