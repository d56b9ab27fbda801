import type { Knex } from "knex";
import {
  conversationState,
  type ConversationRow,
  type ConversationState,
  type Timestamp,
} from "@fio/contracts";
import { contactsOf } from "./contact-rows.ts";
import { pageOf, type Page } from "./page.ts";
import { rawRows } from "./raw.ts";
import { CONVERSATION_COLUMNS, conversationFrom, type ConversationColumns } from "./rows.ts";

/** The place of a conversation in a list: what that is sorted by, and the id. */
export type ListKey = [at: Timestamp, id: string];

/** Whose conversations: an agent's by their id, or `null` for nobody's. */
export type Holder = string | null;

/**
 * Newest activity first, or oldest; of those in which a customer waits by the time since when.
 *
 * A branch for each state, since each has its end in the index (state, activity_at, id), or in (state, waiting_since, id).
 * There is no index by activity alone: the planner would walk it and pass over all that is in the other state. Of some holders' a
 * branch for each of these too, each with an index of its own.
 */
export async function listConversations(
  db: Knex,
  {
    state,
    waiting = false,
    holders = null,
    order = "newest",
    limit,
    after,
  }: {
    state?: ConversationState;
    waiting?: boolean;
    /** Only what one of these has; `null`: whoever has it. */
    holders?: readonly Holder[] | null;
    order?: "newest" | "oldest";
    limit: number;
    /** The key of the last one on the page before. */
    after?: ListKey;
  },
): Promise<Page<ConversationRow, ListKey>> {
  if (holders?.length === 0) return { items: [], next: null };
  const column = waiting ? "waiting_since" : "activity_at";
  const [beyond, direction] = order === "newest" ? ["<", "desc"] : [">", "asc"];
  const sorted = `order by ${column} ${direction}, id ${direction} limit :limit`;
  const branch = (
    [of, ofHolder]: readonly [ConversationState, string],
    index: number,
  ): string => `select * from (
  select ${CONVERSATION_COLUMNS.join(", ")} from conversations
    where state = '${of}' ${ofHolder} ${waiting ? "and waiting_since is not null" : ""}
      ${after === undefined ? "" : `and (${column}, id) ${beyond} (:at, :id)`}
    ${sorted}) as branch_${index}`;
  const { conditions, bindings } = heldBy(holders);
  const branches = statesOr(state).flatMap((of) => conditions.map((condition) => [of, condition] as const));
  const rows = await rawRows<ConversationColumns>(
    db,
    `${branches.map(branch).join("\nunion all\n")}\n${sorted}`,
    { limit: limit + 1, ...bindings, ...(after === undefined ? {} : { at: after[0], id: after[1] }) },
  );
  const contacts = await contactsOf(db, rows);
  return pageOf(rows, {
    limit,
    item: (row) => conversationFrom(row, contacts),
    // Of those who wait none is without.
    key: (row) => [row[column] ?? row.activity_at, row.id],
  });
}

/** A condition for each holder, so that each is a stretch of one index. */
function heldBy(holders: readonly Holder[] | null): {
  conditions: string[];
  bindings: Record<string, string>;
} {
  if (holders === null) return { conditions: [""], bindings: {} };
  const agents = holders.filter((holder) => holder !== null);
  return {
    conditions: [
      ...(holders.includes(null) ? ["and assigned_id is null"] : []),
      ...agents.map((_, index) => `and assigned_id = :agent_${index}`),
    ],
    bindings: Object.fromEntries(agents.map((agent, index) => [`agent_${index}`, agent])),
  };
}

const statesOr = (state: ConversationState | undefined): readonly ConversationState[] =>
  state === undefined ? conversationState.options : [state];

/**
 * How many conversations there are in which a customer waits, up to `most`: no more rows than that are read. `holders` as those of
 * a list.
 */
export async function countWaiting(
  db: Knex,
  most: number,
  holders: readonly Holder[] | null = null,
): Promise<number> {
  const { conditions, bindings } = heldBy(holders);
  const branch = ([of, ofHolder]: readonly [ConversationState, string], index: number): string =>
    `select * from (select 1 as one from conversations
      where state = '${of}' ${ofHolder} and waiting_since is not null limit :most) as branch_${index}`;
  const branches = statesOr(undefined).flatMap((of) =>
    conditions.map((condition) => [of, condition] as const),
  );
  const rows = await rawRows<{ count: string | number }>(
    db,
    `select count(*) as count from (
      select one from (${branches.map(branch).join("\nunion all\n")}) as waiting limit :most) as counted`,
    { most, ...bindings },
  );
  return Number(rows[0]?.count ?? 0);
}

/** Of all conversations: no message is newer. `null` where there are none. */
export async function newestActivity(db: Knex): Promise<Timestamp | null> {
  const newest = conversationState.options.map(
    (of) => `select max(activity_at) as activity_at from conversations where state = '${of}'`,
  );
  const rows = await rawRows<{ activity_at: Timestamp | null }>(db, newest.join(" union all "), {});
  return (
    rows
      .flatMap(({ activity_at }) => activity_at ?? [])
      .toSorted()
      .at(-1) ?? null
  );
}

/** The state of a conversation; `null` when none was created under this id. */
export async function stateOf(db: Knex, id: string): Promise<ConversationState | null> {
  const row = await db("conversations")
    .where({ id })
    .first<{ state: ConversationState | null } | undefined>("state");
  return row?.state ?? null;
}
