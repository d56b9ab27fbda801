import type { Knex } from "knex";
import type { FailedDelivery } from "@fio/contracts";
import { UNSEEN, deliveryOf, type ToldRow } from "../delivery-statements.ts";
import { authorFrom, type AuthorColumns } from "../rows.ts";
import { pageOf, type Page } from "./page.ts";
import { rawRows } from "./raw.ts";
import { isHidden, seenPage, type Sight } from "./sight.ts";

/** The last of a page: when it was given up (milliseconds, as text), and its message. */
export type DeliveryKey = [endedAt: string, message: string];

type Row = ToldRow & AuthorColumns & { attempts: number; content: string | null };

/** Above every time. */
const END = "9".repeat(15);
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** Messages that were given up and that nobody has seen to, latest first: those of conversations that may be seen. */
export const listFailed = (
  db: Knex,
  { before, limit, sight = null }: { before?: DeliveryKey | undefined; limit: number; sight?: Sight },
): Promise<Page<FailedDelivery, DeliveryKey>> =>
  seenPage(db, sight, {
    limit,
    before,
    read: (asked) => readFailed(db, asked),
    keyOf: ({ failed_at, message_id }): DeliveryKey => [String(Date.parse(failed_at)), message_id],
  });

async function readFailed(
  db: Knex,
  { before = [END, LAST_ID], limit }: { before: DeliveryKey | undefined; limit: number },
): Promise<Page<FailedDelivery, DeliveryKey>> {
  const rows = await rawRows<Row>(
    db,
    `select page.*, substr(messages.content, 1, 200) as content, messages.author_id, messages.author_name
      from (select message_id, conversation_id, state, version, seen_version, reason, detail, asked_at, attempts, ended_at from deliveries
        where ${UNSEEN} and (ended_at, message_id) < (:ended, :message)
        order by ended_at desc, message_id desc limit :limit) as page
      left join messages on messages.id = page.message_id
      order by ended_at desc, page.message_id desc`,
    { ended: Number(before[0]), message: before[1], limit: limit + 1 },
  );
  return pageOf(rows, {
    limit,
    key: (row) => [String(row.ended_at), row.message_id],
    item: ({ attempts, ended_at, content, ...row }) => ({
      ...{ message_id: row.message_id, conversation_id: row.conversation_id },
      content: (content ?? "").toWellFormed(),
      ...authorFrom(row),
      attempts,
      failed_at: new Date(Number(ended_at)).toISOString(),
      delivery: deliveryOf({ ...row, ended_at }),
    }),
  });
}

/** How many of them there are, up to `most`: no more rows than that are read. */
export async function countFailed(db: Knex, most: number, sight: Sight = null): Promise<number> {
  if (sight !== null) {
    const page = await listFailed(db, { limit: most, sight });
    return page.items.length;
  }
  const rows = await rawRows<{ count: string | number }>(
    db,
    `select count(*) as count from (select 1 from deliveries where ${UNSEEN} limit :most) as counted`,
    { most },
  );
  return Number(rows[0]?.count ?? 0);
}

/** Whether a message that is to leave is of a conversation that may not be seen. */
export async function isHiddenDelivery(db: Knex, sight: Sight, message: string): Promise<boolean> {
  const row = await db("deliveries")
    .where({ message_id: message })
    .first<{ conversation_id: string } | undefined>("conversation_id");
  return row !== undefined && isHidden(db, sight, row.conversation_id);
}
