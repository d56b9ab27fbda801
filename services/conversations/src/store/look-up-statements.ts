import { idOf, type Receipt } from "@fio/contracts";
import type { Lookups, StepLimit } from "../domain/index.ts";
import { contentHash } from "./content-hash.ts";
import { MESSAGE_COLUMNS, UNAPPLIED_COLUMNS, type StoredConversation } from "./rows.ts";
import { among, asList, asRows, rowsOf, type Connection, type Statement } from "./sql.ts";

/* What reads the events that the law names, for all conversations of a batch; `null` where it names none. */

export type Wanted = { stored: StoredConversation; lookups: Lookups };

/** Of whatever conversation: a message of another one is no business of the law, and is left aside by its row. */
export function messagesNamed({ dialect }: Connection, wanted: readonly Wanted[]): Statement | null {
  const ids = wanted.flatMap(({ lookups }) => lookups.messageIds);
  return ids.length === 0
    ? null
    : {
        name: "messages_named",
        sql: `select ${MESSAGE_COLUMNS} from messages where ${among(dialect, "id", "uuid")}`,
        values: [asList(dialect, ids)],
      };
}

/**
 * Both kinds of which there may be any number are read whole or not at all: `fits` says whether they are within the limit,
 * over all conversations of the batch. Only their lengths are read for that, and of one more than the limit at most.
 */
type Many = { name: string; wanted: string; from: string; text: string; columns: string; values: string };

const fits = ({ wanted, from, text }: Many, { events, units }: StepLimit): string =>
  `select count(*) <= ${events} and coalesce(sum(units), 0) <= ${units} from (
    select octet_length(${text}) as units from ${wanted} cross join ${from} limit ${events + 1}) as lengths`;

/** Which conversations have any, and whether all of them together fit. */
const haveAny = (many: Many, limit: StepLimit): Statement => ({
  name: `${many.name}_any_${limit.events}_${limit.units}`,
  sql: `select wanted.conversation, (${fits(many, limit)}) as fits
    from ${many.wanted} where exists (select 1 from ${many.from})`,
  values: [many.values, many.values],
});

const readIfFits = (many: Many, limit: StepLimit): Statement => ({
  name: `${many.name}_${limit.events}_${limit.units}`,
  sql: `select ${many.columns} from ${many.wanted} cross join ${many.from} and (${fits(many, limit)})`,
  values: [many.values, many.values],
});

export type AnyRow = { conversation: string; fits: boolean | number };

/** The messages above a close that comes: whether there are any, and they themselves unless they are too many. */
export function messagesAbove(
  { dialect }: Connection,
  wanted: readonly Wanted[],
  limit: StepLimit,
): [Statement, Statement] | [null, null] {
  const floors = wanted.flatMap(({ stored, lookups }): Array<{ conversation: string; floor: Receipt }> =>
    lookups.messagesAbove === null ? [] : [{ conversation: stored.record.id, floor: lookups.messagesAbove }],
  );
  if (floors.length === 0) return [null, null];
  const many: Many = {
    name: "messages_above",
    wanted: rowsOf(dialect, "wanted", { conversation: "uuid", floor: "bigint" }),
    // The condition is last: more of it may follow.
    from: "messages where messages.conversation_id = wanted.conversation and messages.receipt > wanted.floor",
    text: "messages.content",
    columns: MESSAGE_COLUMNS,
    values: asRows(floors),
  };
  return [haveAny(many, limit), readIfFits(many, limit)];
}

/** The events that wait for a creation that comes, in the same way. */
export function unappliedWaiting(
  { dialect }: Connection,
  wanted: readonly Wanted[],
  limit: StepLimit,
): [Statement, Statement] | [null, null] {
  const conversations = wanted
    .filter(({ lookups }) => lookups.waiting)
    .map(({ stored }) => ({ conversation: stored.record.id }));
  if (conversations.length === 0) return [null, null];
  const many: Many = {
    name: "unapplied_waiting",
    wanted: rowsOf(dialect, "wanted", { conversation: "uuid" }),
    from: `unapplied_events as unapplied
      where unapplied.conversation_id = wanted.conversation and unapplied.reason = 'CONVERSATION_NOT_FOUND'`,
    text: "unapplied.event",
    columns: qualified(UNAPPLIED_COLUMNS),
    values: asRows(conversations),
  };
  return [haveAny(many, limit), readIfFits(many, limit)];
}

/** One at most for each: what is equal to an unapplied event is a duplicate, and not kept. */
export function unappliedEqual({ dialect }: Connection, wanted: readonly Wanted[]): Statement {
  const hashes = wanted.flatMap(({ lookups }) => lookups.equalTo.map(contentHash));
  return {
    name: "unapplied_equal",
    sql: `select ${UNAPPLIED_COLUMNS} from unapplied_events where ${among(dialect, "content_hash", "text")}`,
    values: [asList(dialect, hashes)],
  };
}

/**
 * Those that may be equal among rows without a hash: from before there was one, until the backfill has come by, or from
 * a worker of an older version. An equal event holds the same timestamp, written in the same way.
 */
export function unappliedUnhashed({ dialect }: Connection, wanted: readonly Wanted[]): Statement {
  const events = wanted.flatMap(({ stored, lookups }) =>
    lookups.equalTo.map((event) => ({
      conversation: stored.record.id,
      type: event.type,
      subject: idOf(event),
      timestamp: JSON.stringify(event.timestamp),
    })),
  );
  const position = dialect === "postgres" ? "strpos" : "instr";
  return {
    name: "unapplied_unhashed",
    sql: `select ${qualified(UNAPPLIED_COLUMNS)}
      from ${rowsOf(dialect, "named", { conversation: "uuid", type: "text", subject: "uuid", timestamp: "text" })}
      cross join unapplied_events as unapplied
      where unapplied.event_id = named.subject and unapplied.type = named.type
        and unapplied.conversation_id = named.conversation
        and unapplied.content_hash is null and unapplied.reason <> 'INTERNAL_ERROR'
        and ${position}(unapplied.event, named.timestamp) > 0`,
    values: [asRows(events)],
  };
}

/**
 * Of each subject the lowest; and the statuses that wait for a message which comes, of all conversations together at most
 * one more than the limit.
 */
export function unappliedLowest(
  { dialect }: Connection,
  wanted: readonly Wanted[],
  { events }: StepLimit,
): Statement | null {
  const subjects = wanted.flatMap(({ stored, lookups }) =>
    lookups.lowestOf.map(({ type, id }) => ({ conversation: stored.record.id, type, subject: id })),
  );
  const messages = wanted.flatMap(({ stored, lookups }) =>
    lookups.statusesOf.map((message) => ({ conversation: stored.record.id, message })),
  );
  return subjects.length === 0
    ? null
    : {
        name: `unapplied_lowest_${events}`,
        sql: `select ${qualified(UNAPPLIED_COLUMNS)}
          from ${rowsOf(dialect, "named", { conversation: "uuid", type: "text", subject: "uuid" })}
          cross join unapplied_events as unapplied
          where unapplied.receipt = (
            select min(receipt) from unapplied_events
            where event_id = named.subject and type = named.type and conversation_id = named.conversation
              and reason <> 'INTERNAL_ERROR'
          )
          union all
          select * from (
            select ${qualified(UNAPPLIED_COLUMNS)}
            from ${rowsOf(dialect, "awaited", { conversation: "uuid", message: "uuid" })}
            cross join unapplied_events as unapplied
            where unapplied.event_id = awaited.message and unapplied.type = 'MESSAGE_STATUS'
              and unapplied.conversation_id = awaited.conversation and unapplied.reason <> 'INTERNAL_ERROR'
            limit ${events + 1}) as statuses`,
        values: [asRows(subjects), asRows(messages)],
      };
}

export function unappliedUnder({ dialect }: Connection, wanted: readonly Wanted[]): Statement {
  const receipts = wanted.flatMap(({ stored, lookups }) =>
    lookups.under.map((receipt) => ({ conversation: stored.record.id, receipt })),
  );
  return {
    name: "unapplied_under",
    sql: `select ${qualified(UNAPPLIED_COLUMNS)}
      from ${rowsOf(dialect, "given", { conversation: "uuid", receipt: "bigint" })}
      cross join unapplied_events as unapplied
      where unapplied.receipt = given.receipt and unapplied.conversation_id = given.conversation`,
    values: [asRows(receipts)],
  };
}

const qualified = (columns: string): string =>
  columns
    .split(", ")
    .map((column) => `unapplied.${column}`)
    .join(", ");
