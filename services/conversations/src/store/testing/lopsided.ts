import type { Dialect, Store } from "../connect.ts";
import { withLongStatements } from "../long-statements.ts";
import { MARK, STRETCH_BITS, YEAR_ZERO } from "../time-blocks.ts";

/*
 * A store in which things are unevenly spread, as they are after years: written by a few statements inside the database,
 * so that ten million messages are a matter of minutes. What a page costs must not depend on any of it.
 */

/** Of a store of `conversations` and `messages`, the newest at `now` (milliseconds since 1970). */
export type Lopsided = { conversations: number; messages: number; unapplied: number; now: number };

const DAY_MS = 86_400_000;
const SPAN_MS = 730 * DAY_MS;
/** What is written only of what is older. */
const QUIET_MS = 50 * DAY_MS;
/** That many of the newest conversations are open, a tenth of all at most. */
const NEWEST_OPEN = 97_000;
const OLD_WORD_MESSAGES = 100_000;

/** The name of every other conversation, whatever its id: Bambu Nobre. */
export const COMMON_HANDLE = 1_997;

/** Agents: who has few conversations, all of them old, and who has most. */
export const [FEW, MOST] = ["few", "most"];

/** The id of conversation `n`: 0 has a tenth of all messages. */
export const conversationId = (n: number): string => idOf("c0", n);
/** The id of message `n`, from the oldest on. */
export const messageId = (n: number): string => idOf("b0", n);

/** Scattered like random ones, so that they meet an index as those do. */
function idOf(kind: string, n: number): string {
  const scattered = ((n * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, "0");
  return `${scattered}-${kind}00-4000-8000-${n.toString(16).padStart(12, "0")}`;
}

/** What one statement fills. */
type Part = { first: number; end: number };
const PART = 20_000;

type Sql = {
  /** Rows `i`. */
  series: (part: Part) => string;
  id: (kind: string, n: string) => string;
  /** The timestamp of milliseconds since 1970. */
  at: (ms: string) => string;
};

const SQL: Record<Dialect, Sql> = {
  postgres: {
    series: ({ first, end }) => `generate_series(${first}::bigint, ${end - 1}::bigint) as series(i)`,
    id: (kind, n) =>
      `(lpad(to_hex((${n}) * 2654435761 % 4294967296), 8, '0') || '-${kind}00-4000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`,
    at: (ms) =>
      `to_char(to_timestamp((${ms}) / 1000.0) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS') || '000Z'`,
  },
  sqlite: {
    series: ({ first, end }) =>
      `(with recursive counted(i) as (select ${first} union all select i + 1 from counted where i < ${end - 1})
        select i from counted) as series`,
    id: (kind, n) => `printf('%08x-${kind}00-4000-8000-%012x', (${n}) * 2654435761 % 4294967296, ${n})`,
    at: (ms) => `strftime('%Y-%m-%dT%H:%M:%f', (${ms}) / 1000.0, 'unixepoch') || '000Z'`,
  },
};

/**
 * Fills an empty, migrated store. The words, and how they are spread:
 *
 * - `comum` in half of all messages; `alfa` and `beta` in half each, and never together
 * - `milhoes` in every message, `antigo` in 100,000, of those that are older than 50 days
 * - `raro` in one of 100,000; `123pedido` in the message 123 alone; `t1` to `t20000` as often as words of a language are
 */
export async function fillLopsided({ dialect, write }: Store, size: Lopsided): Promise<void> {
  const parts = (total: number, statement: (part: Part) => string): string[] =>
    Array.from({ length: Math.ceil(total / PART) }, (_, index) =>
      statement({ first: index * PART, end: Math.min(total, (index + 1) * PART) }),
    );
  const statements = [
    ...parts(size.conversations, (part) => conversations(dialect, size, part)),
    ...parts(size.messages, (part) => messages(dialect, size, part)),
    ...parts(size.unapplied, (part) => unapplied(dialect, size, part)),
    ...parts(size.unapplied, (part) => resolutions(dialect, size, part)),
  ];
  if (dialect === "sqlite") {
    for (const statement of [...statements, "analyze"]) await write.raw(statement);
    return;
  }
  // Indexes that are there first cost most of the time.
  await withLongStatements(write, async (run) => {
    const indexes = await run(INDEXES);
    for (const { name } of indexes) await run(`drop index "${String(name)}"`);
    for (const statement of statements) await run(statement);
    await run("set maintenance_work_mem = '512MB'");
    for (const { definition } of indexes) await run(String(definition));
    for (const statement of ["reset maintenance_work_mem", "vacuum analyze"]) await run(statement);
  });
}

/** Of both large tables, but for those of keys. */
const INDEXES = `select indexname as name, indexdef as definition from pg_indexes
  where schemaname = current_schema() and tablename in ('messages', 'conversations')
    and indexname not in (select conname from pg_constraint)`;

function conversations(dialect: Dialect, { conversations: count, now }: Lopsided, part: Part): string {
  const { series, id, at } = SQL[dialect];
  const activity = at(`${now - SPAN_MS} + (i + 1) * ${SPAN_MS} / ${count}`);
  const firstNew = count - Math.min(NEWEST_OPEN, Math.floor(count / 10));
  // Of the oldest some are nobody's and some one agent's; another has all the rest.
  const isHeld = `i >= ${Math.floor(count / 100)}`;
  const holder = `case when ${isHeld} then case when i < ${Math.floor(count / 50)} then '${FEW}' else '${MOST}' end end`;
  const isClosed = `i < ${firstNew} and i % 10 <> 0`;
  return `insert into conversations (id, state, created_at, created_receipt, closed_at, closed_receipt, version,
      message_count, activity_at, highest_receipt, waiting_since, handle, assigned_receipt, assigned_id, assigned_name)
    select ${id("c0", "i")}, case when ${isClosed} then 'CLOSED' else 'OPEN' end, ${activity}, i + 1,
      case when ${isClosed} then ${activity} end, case when ${isClosed} then i + 1 end, 1, 0, ${activity}, i + 1,
      case when ${isClosed} then case when i % 50 = 1 then ${activity} end when i % 3 = 0 then ${activity} end,
      case when i % 2 = 0 then ${COMMON_HANDLE} else i % 2048 end,
      case when ${isHeld} then i + 1 end, ${holder}, ${holder}
    from ${series(part)}`;
}

function messages(
  dialect: Dialect,
  { conversations: count, messages: total, now }: Lopsided,
  part: Part,
): string {
  const { series, id, at } = SQL[dialect];
  const old = Math.floor(total * (1 - QUIET_MS / SPAN_MS));
  const oldEvery = Math.max(1, Math.floor(old / OLD_WORD_MESSAGES));
  const ms = `${now - SPAN_MS} + (i + 1) * ${SPAN_MS} / ${total}`;
  // By numerics Postgres takes ten times as long.
  const zipf = [7919, 104729, 1299709, 15485863, 32452843].map(
    (prime) =>
      `'t' || cast(floor(power(20000, (i * ${prime} % 10007) / cast(10007 as double precision))) as integer)`,
  );
  const words = [
    "case when i % 2 = 0 then 'comum ' else '' end",
    `case when i / 1000 % 2 = 0 then 'alfa ' else 'beta ' end`,
    `case when i < ${old} then 'milhoes ' else '' end`,
    `case when i < ${old} and i % ${oldEvery} = 0 then 'antigo ' else '' end`,
    "case when i % 100000 = 7 then 'raro ' else '' end",
    `i || 'pedido '`,
    zipf.join(" || ' ' || "),
  ].join(" || ");
  return `insert into messages (id, conversation_id, direction, content, timestamp, receipt, words)
    select id, conversation_id, direction, words, timestamp, receipt, words || ${timeWords(ms)} from (
      select i, ${id("b0", "i")} as id,
        ${id("c0", `case when i % 10 = 0 then 0 else i * 7919 % ${count} end`)} as conversation_id,
        case when i % 3 = 0 then 'SENT' else 'RECEIVED' end as direction,
        ${at(ms)} as timestamp, (${ms}) * 1000 + i % 1000 as receipt, ${words} as words
      from ${series(part)}) as made`;
}

/** The words for the time of a place, in the digits that `Number.toString(36)` writes. */
function timeWords(ms: string): string {
  const digits = (value: string): string =>
    [7, 6, 5, 4, 3, 2, 1, 0]
      .map(
        (place) =>
          `substr('0123456789abcdefghijklmnopqrstuvwxyz', cast((${value}) / ${36 ** place} % 36 as integer) + 1, 1)`,
      )
      .join(" || ");
  return STRETCH_BITS.map(
    (bits, level) => `' ${MARK}${level}' || ltrim(${digits(`(${ms} + ${YEAR_ZERO}) / ${2 ** bits}`)}, '0')`,
  ).join(" || ");
}

/** The oldest events that are kept; of the others, all that do not wait are resolved. */
const UNRESOLVED = 100;

/** Most of them the newest, that wait for their conversation; every third under one id, every second in one conversation. */
function unapplied(
  dialect: Dialect,
  { conversations: count, unapplied: total, now }: Lopsided,
  part: Part,
): string {
  const { series, id, at } = SQL[dialect];
  const waits = `i > ${Math.floor(total / 10)}`;
  return `insert into unapplied_events
      (receipt, type, event_id, conversation_id, event, reason, late_place, resolved)
    select ${(now - SPAN_MS) * 1000} + i, 'NEW_MESSAGE',
      case when i % 3 = 0 then ${id("c0", "0 * i")} else ${id("d0", "i")} end,
      ${conversationOf(dialect, count)}, '{}',
      case when ${waits} then 'CONVERSATION_NOT_FOUND' when i % 3 = 0 then 'CONVERSATION_CLOSED'
        when i % 3 = 1 then 'MESSAGE_ID_CONFLICT' else 'INTERNAL_ERROR' end,
      case when i < ${UNRESOLVED} and i % 3 = 0 then ${at(`${now - SPAN_MS} + 0 * i`)} end,
      case when i >= ${UNRESOLVED} and not (${waits}) then 1 end
    from ${series(part)}`;
}

const conversationOf = (dialect: Dialect, count: number): string =>
  SQL[dialect].id("c0", `case when i % 2 = 0 then 0 else i % ${count} end`);

/** One for each that is resolved, all carried into one conversation. */
function resolutions(
  dialect: Dialect,
  { conversations: count, unapplied: total, now }: Lopsided,
  part: Part,
): string {
  const { series, id, at } = SQL[dialect];
  return `insert into resolutions
      (content_hash, act_receipt, refused_receipt, conversation_id, timestamp, how, carried_to)
    select 'act ' || i, ${(now - SPAN_MS) * 1000} + ${total} + i, ${(now - SPAN_MS) * 1000} + i,
      ${conversationOf(dialect, count)}, ${at(`${now - SPAN_MS} + 0 * i`)}, 'carried', ${id("c0", "0 * i")}
    from ${series(part)} where i >= ${UNRESOLVED} and i <= ${Math.floor(total / 10)}`;
}
