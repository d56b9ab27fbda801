import { conversationState, type ConversationState, type SearchHit, type Timestamp } from "@fio/contracts";
import type { Dialect, Store } from "../connect.ts";
import { contactsOf } from "./contact-rows.ts";
import { conversationsOfNamed } from "./find-contacts.ts";
import type { ListKey } from "./conversations.ts";
import { idsBeginning, isAnyHandle, namedBy, type IdRange, type Named } from "./names.ts";
import { pageOf, type Page } from "./page.ts";
import { rawRows } from "./raw.ts";
import { hiddenOf, type Sight } from "./sight.ts";
import { CONVERSATION_COLUMNS, conversationFrom, type ConversationColumns } from "./rows.ts";

type Candidate = { id: string; activity_at: Timestamp; state: ConversationState };

/** Of one tail, or of one beginning of ids: random ids have fewer in a store of millions. */
const MOST_ALIKE = 200;

/**
 * Conversations that a query names: by the customer's name or number, by the name that the app makes of the id, by its
 * tail, or by a beginning of their ids; newest activity first.
 *
 * Each name is read from its end in an index for each state, so that it costs the same whether one conversation has it or
 * all have. Where more than 200 ids begin alike, the first of them by id are looked at.
 */
export async function findByName(
  store: Store,
  {
    q,
    state,
    limit,
    before,
    sight = null,
  }: { q: string; state?: ConversationState; limit: number; before?: ListKey; sight?: Sight },
): Promise<Page<SearchHit, ListKey>> {
  const wanted: Wanted = {
    states: state === undefined ? conversationState.options : [state],
    // Of what may be seen a page is made of more that are found, or of fewer than fill it.
    limit: sight === null ? limit + 1 : MOST_ALIKE,
    before,
  };
  const ids = idsBeginning(q);
  const found = await Promise.all([
    ...namedBy(q).map((named) => readNamed(store, named, wanted)),
    ...(ids === null ? [] : [readAlike(store, idsBetween(ids))]),
    conversationsOfNamed(store, { q, ...wanted }),
  ]);
  const fitting = found.flat().filter((candidate) => isWanted(candidate, wanted));
  const newest = [...new Map(fitting.map((candidate) => [candidate.id, candidate])).values()].toSorted(
    (a, b) => (isBelow(keyOf(a), keyOf(b)) ? 1 : -1),
  );
  const seen = await seenOf(store, sight, newest);
  const page = pageOf(seen, { limit, item: ({ id }) => id, key: keyOf });
  return { items: await readConversations(store, page.items), next: page.next };
}

/** Those of the newest that may be seen. */
async function seenOf(
  { read }: Store,
  sight: Sight,
  newest: readonly Candidate[],
): Promise<readonly Candidate[]> {
  if (sight === null) return newest;
  const looked = newest.slice(0, MOST_ALIKE);
  const hidden = await hiddenOf(
    read,
    sight,
    looked.map(({ id }) => id),
  );
  return looked.filter(({ id }) => !hidden.has(id));
}

type Wanted = { states: readonly ConversationState[]; limit: number; before: ListKey | undefined };

const keyOf = ({ activity_at, id }: Candidate): ListKey => [activity_at, id];
const isBelow = (a: ListKey, b: ListKey): boolean => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
const isWanted = (candidate: Candidate, { states, before }: Wanted): boolean =>
  states.includes(candidate.state) && (before === undefined || isBelow(keyOf(candidate), before));

const TAIL: Record<Dialect, string> = { postgres: "right(id::text, 4)", sqlite: "substr(id, -4)" };

async function readNamed(store: Store, named: Named, wanted: Wanted): Promise<Candidate[]> {
  const [tail] = named.tails ?? [];
  if (tail !== undefined && isAnyHandle(named)) {
    const alike = await readAlike(store, withTail(store.dialect, tail));
    if (alike.length < MOST_ALIKE) return alike;
  }
  const { states, limit, before } = wanted;
  const own = `select id, activity_at, state from conversations
    where handle is not null and handle = named.handle and state = kept.state
      ${named.tails === null ? "" : `and ${TAIL[store.dialect]} = ended.tail`}
      ${before === undefined ? "" : "and (activity_at, id) < (:activity, :before)"}
    order by activity_at desc, id desc limit :limit`;
  const kept = `(values ${states.map((state) => `('${state}')`).join(", ")})`;
  return rawRows<Candidate>(
    store.read,
    NEWEST_OF_EACH[store.dialect]({ own, kept, hasTails: named.tails !== null }),
    {
      handles: JSON.stringify(named.handles),
      limit,
      ...(named.tails === null ? {} : { tails: JSON.stringify(named.tails) }),
      ...(before === undefined ? {} : { activity: before[0], before: before[1] }),
    },
  );
}

/** The newest of each name and tail in each state. SQLite has no lateral join, and finds the rows again by their ids. */
const NEWEST_OF_EACH: Record<Dialect, (parts: { own: string; kept: string; hasTails: boolean }) => string> = {
  postgres: ({ own, kept, hasTails }) => `select found.id, found.activity_at, found.state
    from (select handle::integer from json_array_elements_text(cast(:handles as json)) as listed(handle)) as named
      ${hasTails ? "cross join json_array_elements_text(cast(:tails as json)) as ended(tail)" : ""}
      cross join ${kept} as kept(state) cross join lateral (${own}) as found
    order by found.activity_at desc, found.id desc limit :limit`,
  sqlite: ({
    own,
    kept,
    hasTails,
  }) => `with named(handle) as (select value from json_each(:handles)), kept(state) as ${kept}
      ${hasTails ? ", ended(tail) as (select value from json_each(:tails))" : ""}
    select found.id, found.activity_at, found.state from named cross join kept
      ${hasTails ? "cross join ended" : ""} cross join conversations as found
    where found.id in (select id from (${own}))`,
};

type Alike = { where: string; order: string; bindings: Record<string, string> };

const idsBetween = ({ first, last }: IdRange): Alike => ({
  where: "id >= :first and id <= :last",
  order: "id",
  bindings: { first, last },
});

/** In the order of its index, which is no order that anybody sees. */
const withTail = (dialect: Dialect, tail: string): Alike => ({
  where: `handle is not null and ${TAIL[dialect]} = :tail`,
  order: "handle, state, activity_at, id",
  bindings: { tail },
});

async function readAlike({ read }: Store, { where, order, bindings }: Alike): Promise<Candidate[]> {
  return rawRows<Candidate>(
    read,
    `select id, activity_at, state from conversations
      where ${where} and state is not null order by ${order} limit :most`,
    { ...bindings, most: MOST_ALIKE },
  );
}

/** In the order of the ids; what has left meanwhile is left out. */
export async function readConversations({ read }: Store, ids: readonly string[]): Promise<SearchHit[]> {
  if (ids.length === 0) return [];
  const rows = await read("conversations")
    .whereIn("id", ids)
    .whereNotNull("state")
    .select<ConversationColumns[]>(...CONVERSATION_COLUMNS);
  const contacts = await contactsOf(read, rows);
  const byId = new Map(
    rows.map((row): [string, SearchHit] => [
      row.id,
      {
        conversation_id: row.id,
        state: row.state,
        message: null,
        conversation: conversationFrom(row, contacts),
      },
    ]),
  );
  return ids.flatMap((id) => byId.get(id) ?? []);
}
