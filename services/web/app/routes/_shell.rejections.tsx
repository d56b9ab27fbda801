import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Link, useLoaderData, useSearchParams } from "@remix-run/react";
import { useTranslation } from "../i18n/context.tsx";
import { available } from "../server/available.server.ts";
import { Failed } from "../shell/errors.tsx";
import { LiveState } from "../connection/live-state.tsx";
import { RejectionList } from "../rejections/rejection-list.tsx";
import { handleOf } from "@fio/contracts/handle";
import { idIn } from "../names/id.ts";
import { SHOWS, showOf, type RejectionPage, type Show } from "../rejections/rejection-page.ts";
import { rejectionsOf } from "../server/rejections.server.ts";
import { titleOf } from "../shell/title.ts";

export const meta: MetaFunction = ({ matches }) => [{ title: titleOf(matches, "rejections.title") }];

export async function loader({ request, context }: LoaderFunctionArgs): Promise<RejectionPage> {
  const read = await available(context, rejectionsOf(request, context.api));
  if (read.kind === "refused") throw data(null, { status: read.problem.status });
  return { rejections: read.data, next: read.next };
}

/** What was accepted but is in no conversation, and the way on for each. */
export default function Rejections() {
  const { t } = useTranslation();
  const loaded = useLoaderData<typeof loader>();
  const [search] = useSearchParams();
  const show = showOf(search.get("show"));
  const conversation = idIn(search.get("conversation") ?? "");
  const address = (shown: Show, page: string | null = null): string =>
    `?${new URLSearchParams({
      ...(shown === "pending" ? {} : { show: shown }),
      ...(conversation === null ? {} : { conversation }),
      ...(page === null ? {} : { page }),
    }).toString()}`;
  return (
    <div className="stage">
      <main className="pane" id="content">
        <div className="page">
          <header className="page-head">
            <div>
              <h1>{t("rejections.title")}</h1>
              <p>{t("rejections.intro")}</p>
            </div>
            <LiveState className="page-live" />
          </header>
          <nav className="seg" aria-label={t("rejections.filter")}>
            {SHOWS.map((each) => (
              <Link
                key={each}
                to={address(each)}
                {...(each === show ? { "aria-current": "true" as const } : {})}
              >
                {t(`rejections.${each}`)}
              </Link>
            ))}
          </nav>
          {conversation !== null && (
            <p className="only">
              {t("rejections.of", { name: handleOf(conversation).name })}{" "}
              <Link to="/rejections?show=all">{t("rejections.of.all")}</Link>
            </p>
          )}
          <RejectionList
            key={search.toString()}
            loaded={loaded}
            query={search.toString()}
            show={show}
            addressOf={(page) => address(show, page)}
            deep={search.has("page")}
          />
        </div>
      </main>
    </div>
  );
}

export function ErrorBoundary() {
  const { t } = useTranslation();
  return (
    <div className="stage">
      <main className="pane" id="content">
        <Failed title={t("rejections.failed")} />
      </main>
    </div>
  );
}
