import type { Change } from "@fio/contracts";
import type { Store } from "./connect.ts";
import { among, asList, query, type Connection, type Statement } from "./sql.ts";
import type { WaiterReply } from "./waiters.ts";

/** The changes of one transaction, cut into JSON arrays for the live stream, and the row that holds them. */
export type Announcement = { id: string; entries: string[] };
/** One that was left over, with what is to be told to those who waited. */
export type OverdueAnnouncement = Announcement & { waiterReplies: WaiterReply[] };

/** In UTF-16 units; a larger change is an entry of its own. */
const ENTRY_UNITS = 256 * 1024;

/** Cuts changes into JSON arrays that the stream and its readers can take one by one. */
export function entriesOf(changes: readonly Change[]): string[] {
  const entries: string[] = [];
  let texts: string[] = [];
  let units = 0;
  const close = (): void => {
    if (texts.length > 0) entries.push(`[${texts.join(",")}]`);
    texts = [];
    units = 0;
  };
  for (const change of changes) {
    const text = JSON.stringify(change);
    if (units + text.length > ENTRY_UNITS) close();
    texts.push(text);
    units += text.length;
  }
  close();
  return entries;
}

/** One entry a line: JSON holds no line breaks. */
export function insertOutbox({
  entries,
  waiterReplies,
  now,
}: {
  entries: readonly string[];
  waiterReplies: readonly WaiterReply[];
  now: number;
}): Statement | null {
  if (entries.length === 0) return null;
  return {
    name: "insert_outbox",
    sql: "insert into outbox (frames, replies, claimed_at) values (?, ?, ?) returning id",
    values: [entries.join("\n"), waiterReplies.length === 0 ? null : JSON.stringify(waiterReplies), now],
  };
}

export type OutboxRow = { id: string | number };

export function announcementOf([row]: readonly OutboxRow[], entries: string[]): Announcement | null {
  return row === undefined ? null : { id: String(row.id), entries };
}

export function deleteOutbox({ dialect }: Connection, ids: readonly string[]): Statement | null {
  if (ids.length === 0) return null;
  return {
    name: "delete_outbox",
    sql: `delete from outbox where ${among(dialect, "id", "bigint")}`,
    values: [asList(dialect, ids)],
  };
}

/** Deletes what is announced, when no transaction comes by that would do it on its way. */
export async function dropAnnounced(store: Store, ids: readonly string[]): Promise<void> {
  const connection = { dialect: store.dialect, knex: store.write };
  const statement = deleteOutbox(connection, ids);
  if (statement !== null) await query(connection, statement);
}

/**
 * Claims the oldest announcements that nobody has made for `overdueMs`, at most `limit`: for that long they are the
 * caller's. Whoever claims and dies leaves them to the next.
 */
export async function claimOverdue(
  store: Store,
  { now, overdueMs, limit }: { now: number; overdueMs: number; limit: number },
): Promise<OverdueAnnouncement[]> {
  const due = now - overdueMs;
  const reader = { dialect: store.dialect, knex: store.read };
  const any = await query(reader, {
    name: "any_overdue",
    sql: "select id from outbox where claimed_at <= ? limit 1",
    values: [due],
  });
  if (any.length === 0) return [];
  const skipLocked = store.dialect === "postgres" ? "for update skip locked" : "";
  const rows = await query<{ id: string | number; frames: string; replies: string | null }>(
    { dialect: store.dialect, knex: store.write },
    {
      name: "claim_overdue",
      sql: `update outbox set claimed_at = ?
        where id in (select id from outbox where claimed_at <= ? order by id limit ? ${skipLocked})
        returning id, frames, replies`,
      values: [now, due, limit],
    },
  );
  return rows
    .toSorted((a, b) => Number(a.id) - Number(b.id))
    .map(({ id, frames, replies }) => ({
      id: String(id),
      entries: frames.split("\n"),
      waiterReplies: replies === null ? [] : (JSON.parse(replies) as WaiterReply[]),
    }));
}
