import { dataPath } from "../names/paths.ts";
import { getJson } from "../stream/get-json.ts";
import type { Filter } from "./list.ts";
import type { ListPage, Store } from "./store.ts";

/**
 * Loads the first page of a filter, of as many rows as are loaded by now, or the one below what is loaded. False when it could
 * not be read.
 */
export async function loadRows(
  store: Store,
  filter: Filter,
  { first }: { first: boolean },
): Promise<boolean> {
  const next = first ? null : (store.horizon(filter)?.next ?? null);
  if (!first && next === null) return true;
  const limit = first ? String(store.list(filter).length) : null;
  const page = await getJson<ListPage>(dataPath.conversations({ state: filter, page: next, limit }));
  if (page === null) return false;
  store.seedList(filter, page, { first });
  store.notify();
  return true;
}
