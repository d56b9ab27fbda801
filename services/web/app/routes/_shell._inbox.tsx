import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import {
  Outlet,
  useLoaderData,
  useRevalidator,
  useSearchParams,
  type ClientLoaderFunctionArgs,
  type ShouldRevalidateFunctionArgs,
} from "@remix-run/react";
import { useEffect, useRef } from "react";
import type { ConversationRow } from "@fio/contracts";
import { List } from "../inbox/list.tsx";
import { useSync } from "../store/browser-feed.ts";
import { useSeed } from "../store/context.tsx";
import { readRows } from "../server/rows.server.ts";
import { filterOf } from "../store/list.ts";
import { titleOf } from "../shell/title.ts";
import { isUnavailable } from "../../server/unavailable.ts";

/** A list that could not be read is read again, once the stream is there. */
const AGAIN_MS = 2_000;

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

/** Without a connection the list is what the browser knows, and nothing else on the page suffers from it. */
export async function clientLoader({ serverLoader }: ClientLoaderFunctionArgs) {
  return serverLoader<typeof loader>().catch((error: unknown) => {
    // A refusal, and not the want of an answer.
    if (!(error instanceof TypeError)) throw error;
    return { ...NOT_LOADED, position: null };
  });
}

/** Going from one conversation to the next does not reload the list: it updates itself. */
export function shouldRevalidate({
  currentUrl,
  nextUrl,
  formMethod,
  defaultShouldRevalidate,
}: ShouldRevalidateFunctionArgs) {
  if (formMethod !== undefined && formMethod !== "GET") return true;
  const of = (url: URL): string =>
    `${url.searchParams.get("state") ?? ""}|${url.searchParams.get("page") ?? ""}`;
  if (of(currentUrl) !== of(nextUrl)) return true;
  return currentUrl.pathname === nextUrl.pathname && defaultShouldRevalidate;
}

export default function Inbox() {
  const loaded = useLoaderData<typeof loader>();
  const [search] = useSearchParams();
  const filter = filterOf(search.get("state"));
  useSeed((store) => {
    if (loaded.failed) return;
    store.seedList(filter, loaded.page, { first: loaded.first });
    if (loaded.waiting !== null) store.seedCount(loaded.waiting);
  }, loaded.page);
  const live = useSync().kind === "live";
  const revalidator = useRevalidator();
  const again = useRef(revalidator.revalidate);
  again.current = revalidator.revalidate;
  useEffect(() => {
    if (!live || !loaded.failed) return;
    const timer = setTimeout(() => again.current(), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [live, loaded]);
  return (
    <>
      <List filter={filter} failed={loaded.failed} />
      <div className="stage">
        <Outlet />
      </div>
    </>
  );
}
