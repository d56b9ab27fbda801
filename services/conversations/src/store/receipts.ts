import type { Receipt } from "@fio/contracts";
import type { Store } from "./connect.ts";
import { receiptFrom, type StoredReceipt } from "./rows.ts";
import { query } from "./sql.ts";

/** The highest receipt of all that is in the store, applied or kept; `null` when it is empty. One step down each index. */
export async function highestReceipt(store: Store): Promise<Receipt | null> {
  const rows = await query<{ receipt: StoredReceipt | null }>(
    { dialect: store.dialect, knex: store.read },
    {
      name: "highest_receipt",
      sql: `select (select max(highest_receipt) from conversations) as receipt
        union all select (select max(receipt) from unapplied_events)
        union all select (select max(act_receipt) from resolutions)`,
      values: [],
    },
  );
  const receipts = rows.map(({ receipt }) => receipt).filter((receipt) => receipt !== null);
  return receipts.map(receiptFrom).toSorted().at(-1) ?? null;
}
