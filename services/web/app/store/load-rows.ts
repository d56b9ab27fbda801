import { dataPath } from "../names/paths.ts";
import { getJson } from "../stream/get-json.ts";
import { ACCOUNT } from "../device/account.ts";
import { partsOf, type View } from "./list.ts";
import type { ListPage, Store } from "./store.ts";

/**
 * Loads the first page of a filter, of as many rows as are loaded by now, or the one below what is loaded. False when it could
 * not be read.
 */
export async function loadRows(store: Store, view: View, { first }: { first: boolean }): Promise<boolean> {
  const { filter, holders } = partsOf(view);
  const assigned = holders === "mine" ? ACCOUNT : holders === "all" ? null : holders;
  const next = first ? null : (store.horizon(view)?.next ?? null);
  if (!first && next === null) return true;
  const limit = first ? String(store.list(view).length) : null;
  const page = await getJson<ListPage>(
    dataPath.conversations({ state: filter, assigned, page: next, limit }),
  );
  if (page === null) return false;
  store.seedList(view, page, { first });
  store.notify();
  return true;
}
