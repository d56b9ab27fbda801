import type { Store } from "./connect.ts";
import { query } from "./sql.ts";

/* Work that one worker at a time does, and again after some time. Two at it do no harm: this spares the second one's. */

export type Lease = { name: string; holder: string };

/**
 * True when it is due and nobody else's; then it is the holder's for `forMs`. `now` in milliseconds since 1970. What ends after
 * `latest` was written by a clock that was wrong, and holds nobody off.
 */
export async function takeLease(
  store: Store,
  { name, holder, now, forMs, latest }: Lease & { now: number; forMs: number; latest: number },
): Promise<boolean> {
  const rows = await query(
    { dialect: store.dialect, knex: store.write },
    {
      name: "take_lease",
      sql: `insert into leases (name, holder, expires_at) values (?, ?, ?)
        on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
          where (leases.expires_at <= ? or leases.expires_at > ?) and (leases.not_before <= ? or leases.not_before > ?)
        returning name`,
      values: [name, holder, now + forMs, now, latest, now, latest],
    },
  );
  return rows.length > 0;
}

/** Until when it was had or put off at last; `null`: nobody ever had it. */
export async function leaseEnd(store: Store, name: string): Promise<number | null> {
  const [row] = await query<{ expires_at: string | number; not_before: string | number }>(
    { dialect: store.dialect, knex: store.write },
    { name: "lease_end", sql: "select expires_at, not_before from leases where name = ?", values: [name] },
  );
  return row === undefined ? null : Math.max(Number(row.expires_at), Number(row.not_before));
}

/** False when somebody else has taken it meanwhile. */
export async function renewLease(
  store: Store,
  { name, holder, now, forMs }: Lease & { now: number; forMs: number },
): Promise<boolean> {
  const rows = await query(
    { dialect: store.dialect, knex: store.write },
    {
      name: "renew_lease",
      sql: "update leases set expires_at = ? where name = ? and holder = ? returning name",
      values: [now + forMs, name, holder],
    },
  );
  return rows.length > 0;
}

/** Gives it back, until `notBefore`. */
export async function endLease(
  store: Store,
  { name, holder, notBefore }: Lease & { notBefore: number },
): Promise<void> {
  await query(
    { dialect: store.dialect, knex: store.write },
    {
      name: "end_lease",
      sql: "update leases set expires_at = 0, not_before = ? where name = ? and holder = ?",
      values: [notBefore, name, holder],
    },
  );
}
