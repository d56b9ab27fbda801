import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import type { AuditAction, AuditEntry } from "@fio/contracts";
import type { Store } from "./connect.ts";
import { pageOf, type Page } from "./queries/page.ts";
import { dialectOf, rawRows } from "./queries/raw.ts";

/** What is to be written; `at` in microseconds since 1970. */
export type AuditLine = {
  at: number;
  action: AuditAction;
  /** Who did it; `null`: an operator, or nobody who proved it. */
  actor?: string | null;
  /** To whose account. */
  account?: string | null;
  conversation?: string | null;
  detail?: string | null;
};
/** Writes it under the time of now. */
export type Audit = (line: Omit<AuditLine, "at">) => Promise<void>;

export async function addAuditLine(
  { write }: Store,
  { at, action, actor = null, account = null, conversation = null, detail = null }: AuditLine,
): Promise<void> {
  await write("audit_log").insert({
    ...{ id: randomUUID(), at, action, detail },
    ...{ actor_id: actor, account_id: account, conversation_id: conversation },
  });
}

/** The last line of a page: its time in microseconds, as text, and its id. */
export type AuditKey = [at: string, id: string];

type Row = {
  id: string;
  at: number | string;
  action: AuditAction;
  actor_id: string | null;
  actor_name: string | null;
  account_id: string | null;
  account_name: string | null;
  conversation_id: string | null;
  detail: string | null;
};

/** What each column of a filter is asked for, and what it is called in the names of indexes. */
const COLUMNS = {
  actor_id: { value: ":person", index: "actor" },
  account_id: { value: ":person", index: "account" },
  action: { value: ":action", index: "action" },
} as const;
type Column = keyof typeof COLUMNS;

/**
 * Newest first. Of a person what they did and what was done to their account, each from its own index. Times in microseconds
 * since 1970, `to` exclusive.
 */
export async function listAudit(
  db: Knex,
  {
    person,
    action,
    from = 0,
    to = Number.MAX_SAFE_INTEGER,
    after,
    limit,
  }: {
    person?: string | undefined;
    action?: AuditAction | undefined;
    from?: number | undefined;
    to?: number | undefined;
    after?: AuditKey | undefined;
    limit: number;
  },
): Promise<Page<AuditEntry, AuditKey>> {
  const [at, id] = after ?? [String(to), LOWEST];
  /*
   * Said with `=`, Postgres may take somebody who did much long ago for one who does much, and walk the index by time past all
   * others. SQLite sees of a compared row only the first column, and is told which index to take.
   */
  const branch = (columns: readonly Column[]): string => {
    const values = columns.map((column) => COLUMNS[column].value);
    const isSqlite = dialectOf(db) === "sqlite";
    const all = [...columns, "at", "id"];
    const where =
      isSqlite || columns.length === 0
        ? [...columns.map((name, at) => `${name} = ${values[at]}`), "(at, id) < (:at, :id)", "at >= :from"]
        : [
            `(${all.join(", ")}) < (${[...values, ":at", ":id"].join(", ")})`,
            `(${[...columns, "at"].join(", ")}) >= (${[...values, ":from"].join(", ")})`,
          ];
    const order = (isSqlite ? ["at", "id"] : all).map((name) => `${name} desc`);
    const index = ["audit_log", ...columns.map((column) => COLUMNS[column].index)].join("_");
    const by = isSqlite && columns.length > 0 ? ` indexed by ${index}` : "";
    return `select * from (select * from audit_log${by} where ${where.join(" and ")}
      order by ${order.join(", ")} limit :limit) as by_${columns[0] ?? "time"}`;
  };
  const what = action === undefined ? [] : (["action"] as const);
  const lines =
    person === undefined
      ? branch(what)
      : `${branch(["actor_id", ...what])} union ${branch(["account_id", ...what])}`;
  const rows = await rawRows<Row>(
    db,
    `select page.*, actor.name as actor_name, account.name as account_name
      from (select * from (${lines}) as lines order by at desc, id desc limit :limit) as page
      left join accounts as actor on actor.id = page.actor_id
      left join accounts as account on account.id = page.account_id
      order by page.at desc, page.id desc`,
    {
      ...{ from, limit: limit + 1, at: Math.min(Number(at), to), id },
      ...(person === undefined ? {} : { person }),
      ...(action === undefined ? {} : { action }),
    },
  );
  return pageOf(rows, {
    limit,
    key: (row): AuditKey => [String(row.at), row.id],
    item: (row) => ({
      id: row.id,
      at: new Date(Math.floor(Number(row.at) / 1_000)).toISOString(),
      action: row.action,
      actor: personOf(row.actor_id, row.actor_name),
      account: personOf(row.account_id, row.account_name),
      conversation_id: row.conversation_id,
      detail: row.detail,
    }),
  });
}

/** Below every id. */
const LOWEST = "00000000-0000-0000-0000-000000000000";

const personOf = (id: string | null, name: string | null): AuditEntry["actor"] =>
  id === null ? null : { id, name: name ?? "" };
