import type { Api } from "../../server/api.ts";
import { askedOf, type Filter } from "../store/list.ts";

const ROWS = 50;
/** One more than is counted: the title is right as long as they are loaded. */
const WAITING_ROWS = 100;

/** A page of a filter, who waits longest first in the one of those who wait. */
export const readRows = (api: Api, { filter, page }: { filter: Filter; page: string | null }) =>
  api.conversations({
    ...askedOf(filter),
    page,
    limit: filter === "waiting" ? WAITING_ROWS : ROWS,
  });
