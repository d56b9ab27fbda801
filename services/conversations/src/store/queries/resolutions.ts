import type { Knex } from "knex";
import { CARRIED_MAX, type CarriedFrom } from "@fio/contracts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import { rawRows } from "./raw.ts";

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
