import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import {
  Outlet,
  useLoaderData,
  useSearchParams,
  type ClientLoaderFunctionArgs,
  type ShouldRevalidateFunctionArgs,
} from "@remix-run/react";
import type { ConversationRow } from "@fio/contracts";
import { List } from "../inbox/list.tsx";
import { useListLoaded } from "../inbox/use-list-loaded.ts";
import { useSeed } from "../store/context.tsx";
import { readRows } from "../server/rows.server.ts";
import { filterOf, viewOf } from "../store/list.ts";
import { useHolders } from "../store/use-holders.ts";
import { titleOf } from "../shell/title.ts";
import { isUnavailable } from "../../server/unavailable.ts";

const NOT_LOADED = {
  failed: true,
  first: true,
  page: { rows: [] as ConversationRow[], next: null },
  waiting: null,
};

export const meta: MetaFunction = ({ matches }) => [{ title: titleOf(matches, "list.title") }];

/** When the list is not available, the page says so and shows the rest. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const page = search.get("page");
  const filter = filterOf(search.get("state"));
  try {
    const [read, counts] = await Promise.all([
      readRows(context.api, { filter, page }),
      // The count of a tab is not worth an error: it comes with those who wait.
      context.api.counts().catch(() => null),
    ]);
    if (read.kind === "refused") throw data(null, { status: read.problem.status });
    return {
      failed: false,
      first: page === null,
      page: { rows: read.data, next: read.next },
      waiting: counts?.kind === "ok" ? counts.data.waiting : null,
      position: read.position,
    };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    context.log.warn({ upstream: error.what, status: error.status }, "upstream is not available");
    return data({ ...NOT_LOADED, position: null }, { status: 503 });
  }
}

/** In the browser the list is what it knows, and loads beside that: no conversation waits for it. */
export async function clientLoader({ request, serverLoader }: ClientLoaderFunctionArgs) {
  if (pageIn(new URL(request.url)) === null) return null;
  return serverLoader<typeof loader>().catch((error: unknown) => {
    // A refusal, and not the want of an answer.
    if (!(error instanceof TypeError)) throw error;
    return { ...NOT_LOADED, position: null };
  });
}

/** A later part of the list; only pages without scripts link to one. */
const pageIn = (url: URL): string | null => url.searchParams.get("page");

/** Going from one conversation to the next, or to another filter, loads nothing here. */
export const shouldRevalidate = ({ currentUrl, nextUrl }: ShouldRevalidateFunctionArgs): boolean =>
  pageIn(currentUrl) !== pageIn(nextUrl);

export default function Inbox() {
  const loaded = useLoaderData<typeof loader>() as Awaited<ReturnType<typeof clientLoader>>;
  const [search] = useSearchParams();
  const filter = filterOf(search.get("state"));
  useSeed((store) => {
    if (loaded === null || loaded.failed) return;
    store.seedList(filter, loaded.page, { first: loaded.first });
    if (loaded.waiting !== null) store.seedCount(loaded.waiting);
  }, loaded?.page);
  const view = viewOf(filter, useHolders());
  const failed = useListLoaded(view, {
    failed: loaded?.failed === true,
    wanted: loaded?.first !== false,
  });
  return (
    <>
      <List filter={filter} view={view} failed={failed} />
      <div className="stage">
        <Outlet />
      </div>
    </>
  );
}
