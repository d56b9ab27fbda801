import type { JobEvent } from "@fio/contracts";
import { asRows, rowsOf, type Connection, type Statement } from "./sql.ts";
import { eventIdOf } from "./unapplied-statements.ts";

/*
 * Most events are about something that nothing was ever kept about. Whether one of a batch is not is one cheap question for
 * all of them, asked under their locks; only then are the look-ups among unapplied events needed.
 */

/**
 * A row when any unapplied event is about what one of the events is about, or has its receipt. One step down an index
 * for each: without an order a database may take a table that one subject fills for one that holds every subject.
 */
export function anyUnapplied({ dialect }: Connection, events: readonly JobEvent[]): Statement {
  const subjects = new Set(events.map(({ event }) => eventIdOf(event)));
  const [about, under] =
    dialect === "sqlite"
      ? [
          "exists (select 1 from unapplied_events where event_id = named.subject and reason <> 'INTERNAL_ERROR')",
          "exists (select 1 from unapplied_events where receipt = named.receipt)",
        ]
      : [
          `named.subject = (
            select event_id from unapplied_events where event_id >= named.subject and reason <> 'INTERNAL_ERROR'
            order by event_id, type, conversation_id, receipt limit 1)`,
          `named.receipt = (
            select receipt from unapplied_events where receipt >= named.receipt order by receipt limit 1)`,
        ];
  return {
    name: "any_unapplied",
    sql: `select 1 as any_unapplied
      where exists (select 1 from ${rowsOf(dialect, "named", { subject: "uuid" })} where ${about})
        or exists (select 1 from ${rowsOf(dialect, "named", { receipt: "bigint" })} where ${under})`,
    values: [
      asRows([...subjects].map((subject) => ({ subject }))),
      asRows(events.map(({ receipt }) => ({ receipt }))),
    ],
  };
}
