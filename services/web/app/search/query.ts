import { QUERY_MAX_UNITS } from "@fio/contracts/limits";
import { PATHS, withQuery } from "../names/paths.ts";
import { dayInZone } from "../time/day-in-zone.ts";

/** What the page of a search is asked for: its words, and what they are looked for in. Days are the reader's. */
export type Asked = {
  q: string;
  from: string;
  to: string;
  state: "" | "OPEN" | "CLOSED";
  direction: "" | "RECEIVED" | "SENT";
  /** All messages one by one, as pages without scripts show what a row stands for. */
  each: boolean;
};

const among = <Value extends string>(text: string | null, values: readonly Value[]): Value | "" =>
  values.find((value) => value === text) ?? "";

export function askedIn(search: URLSearchParams): Asked {
  const day = (name: string): string => {
    const text = search.get(name) ?? "";
    return dayInZone(text, "UTC") === null ? "" : text;
  };
  return {
    q: (search.get("q") ?? "").trim().slice(0, QUERY_MAX_UNITS),
    from: day("from"),
    to: day("to"),
    state: among(search.get("state"), ["OPEN", "CLOSED"]),
    direction: among(search.get("direction"), ["RECEIVED", "SENT"]),
    each: search.has("each"),
  };
}

/** The page's own address, `page` being the query of a later one. */
export const searchPath = ({ q, from, to, state, direction, each }: Asked, page?: string): string =>
  withQuery(PATHS.search, { q, from, to, state, direction, each: each ? "1" : undefined, page });

/** What the read API is asked with. */
export const filtersOf = (
  { from, to, state, direction, each }: Asked,
  zone: string,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      from: dayInZone(from, zone),
      to: dayInZone(to, zone),
      state,
      direction,
      group: each ? "" : "conversation",
    }).filter((pair): pair is [string, string] => pair[1] !== null && pair[1] !== ""),
  );

/** The same as a query, as the answer's links give those of later pages. */
export const firstQuery = (asked: Asked, zone: string): string =>
  new URLSearchParams({ q: asked.q, limit: "50", ...filtersOf(asked, zone) }).toString();

export const isFiltered = ({ from, to, state, direction }: Asked): boolean =>
  [from, to, state, direction].some((each) => each !== "");
