import type { Api } from "../../server/api.ts";
import { askedOf, type Filter } from "../store/list.ts";

const ROWS = 50;
/** One more than is counted: the title is right as long as they are loaded. */
const WAITING_ROWS = 100;
const MOST_ROWS = 1_000;

/** A page of a filter, who waits longest first in the one of those who wait. */
export function readRows(
  api: Api,
  {
    filter,
    assigned = null,
    page,
    limit = 0,
  }: { filter: Filter; assigned?: string | null; page: string | null; limit?: number },
) {
  const usual = filter === "waiting" ? WAITING_ROWS : ROWS;
  return api.conversations({
    ...askedOf(filter),
    assigned,
    page,
    limit: Number.isSafeInteger(limit) ? Math.min(Math.max(limit, usual), MOST_ROWS) : usual,
  });
}
