import type { ConversationState, Timestamp } from "@fio/contracts";
import { digitsOf, withoutCountry } from "@fio/contracts/phone-numbers";
import type { Dialect, Store } from "../connect.ts";
import { LEAST_PHONE_DIGITS, phoneTerm, wordsOfName } from "../contact-terms.ts";
import type { ListKey } from "./conversations.ts";
import { rawRows } from "./raw.ts";

/** Of those that a beginning finds so many are looked at, and so many that have all the others are taken. */
const MOST_LOOKED_AT = 2_000;
const MOST_ALIKE = 200;
/** A single letter begins too many names. */
const LEAST_LETTERS = 2;
/** More words than a name has. */
const MOST_WORDS = 6;

const PHONE = /^[0-9 +\-.()/\u2010-\u2015]+$/u;

/**
 * With what terms of a contact a query begins, the longest first; `null` when it can name none. A number is found by any
 * part of it, in whatever way it is written.
 */
export function termsAsked(query: string): string[] | null {
  const digits = digitsOf(query);
  if (PHONE.test(query.trim())) {
    return digits.length < LEAST_PHONE_DIGITS ? null : [phoneTerm(withoutCountry(digits))];
  }
  const words = [...new Set(wordsOfName(query))];
  if (words.length === 0 || words.length > MOST_WORDS) return null;
  const longest = words.toSorted((a, b) => b.length - a.length);
  return (longest[0]?.length ?? 0) < LEAST_LETTERS ? null : longest;
}

type Candidate = { id: string; activity_at: Timestamp; state: ConversationState };

/**
 * The newest conversations of the customers whose name or number a query begins. Where more than 200 have it, the first
 * of them in the order of the index are taken, so that it costs the same however many there are.
 */
export async function conversationsOfNamed(
  store: Store,
  {
    q,
    states,
    limit,
    before,
  }: { q: string; states: readonly ConversationState[]; limit: number; before: ListKey | undefined },
): Promise<Candidate[]> {
  const terms = termsAsked(q);
  if (terms === null) return [];
  const others = terms.slice(1).map(
    (_, index) => `and exists (select 1 from contact_terms as other where other.contact = alike.contact
      and other.term >= :from${index + 1} and other.term < :to${index + 1})`,
  );
  const named = `select contact from (
      select contact from contact_terms where term >= :from0 and term < :to0 order by term, contact limit :most
    ) as alike where true ${others.join(" ")} limit :alike`;
  const own = `select id, activity_at, state from conversations
    where contact_key = named.contact and state in (${states.map((state) => `'${state}'`).join(", ")})
      ${before === undefined ? "" : "and (activity_at, id) < (:activity, :before)"}
    order by activity_at desc, id desc limit :limit`;
  return rawRows<Candidate>(store.read, NEWEST_OF_EACH[store.dialect](named, own), {
    ...Object.fromEntries(
      terms.flatMap((term, index) => [
        [`from${index}`, term],
        // Above whatever begins so, in the order of bytes.
        [`to${index}`, `${term}\u{10ffff}`],
      ]),
    ),
    most: MOST_LOOKED_AT,
    alike: MOST_ALIKE,
    limit,
    ...(before === undefined ? {} : { activity: before[0], before: before[1] }),
  });
}

/**
 * SQLite has no lateral join, and finds the rows again by their ids; a contact that is found by two of its terms gives its
 * own twice.
 */
const NEWEST_OF_EACH: Record<Dialect, (named: string, own: string) => string> = {
  postgres: (named, own) => `select found.id, found.activity_at, found.state
    from (select distinct contact from (${named}) as alike) as named cross join lateral (${own}) as found
    order by found.activity_at desc, found.id desc limit :limit`,
  sqlite: (named, own) => `with named as (${named})
    select found.id, found.activity_at, found.state from named cross join conversations as found
    where found.id in (select id from (${own}))`,
};
