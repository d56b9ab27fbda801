import { useEffect } from "react";
import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Link, useLoaderData, useSearchParams } from "@remix-run/react";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { available } from "../available.server.ts";
import { Failed } from "../components/errors.tsx";
import { Icon } from "../components/icons.tsx";
import { LiveState } from "../components/live-state.tsx";
import { markRejectionsSeen } from "../components/new-rejections.ts";
import { RejectionTable } from "../components/rejection-table.tsx";
import { handleOf } from "../names/handle.ts";
import { idIn } from "../names/id.ts";
import { SHOWS, showOf, showsReason, type Show } from "../rejections.ts";
import { titleOf } from "../title.ts";

export const meta: MetaFunction = ({ matches }) => [{ title: titleOf(matches, "rejections.title") }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const show = showOf(search.get("show"));
  const conversation = idIn(search.get("conversation") ?? "");
  const read = await available(context, context.api.rejections({ conversation, page: search.get("page") }));
  if (read.kind === "refused") throw data(null, { status: read.problem.status });
  return { rejections: read.data.filter(({ reason }) => showsReason(show, reason)), next: read.next };
}

/** What was accepted but is in no conversation, and the way on for each. */
export default function Rejections() {
  const { t } = useTranslation();
  const { rejections, next } = useLoaderData<typeof loader>();
  const [search] = useSearchParams();
  const show = showOf(search.get("show"));
  const conversation = idIn(search.get("conversation") ?? "");
  const newest = rejections[0]?.receipt;
  useEffect(() => {
    if (newest !== undefined) markRejectionsSeen(newest);
  }, [newest]);
  const query = (fields: { show?: Show; page?: string }): string => {
    const shown = fields.show ?? show;
    return `?${new URLSearchParams({
      ...(shown === "pending" ? {} : { show: shown }),
      ...(conversation === null ? {} : { conversation }),
      ...(fields.page === undefined ? {} : { page: fields.page }),
    }).toString()}`;
  };
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
                to={query({ show: each })}
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
          {rejections.length === 0 && next === null ? (
            <div className="blank">
              <Icon of={CircleCheck} className="big ok" />
              <h2>{t(show === "pending" ? "rejections.empty" : "rejections.empty.all")}</h2>
              <p>{t("rejections.empty.hint")}</p>
            </div>
          ) : (
            <RejectionTable rejections={rejections}>
              {next === null ? (
                <p className="end-note">{t("rejections.end")}</p>
              ) : (
                <p className="end-note">
                  <Link className="btn quiet sm" to={query({ page: next })}>
                    {t("rejections.more")}
                  </Link>
                </p>
              )}
            </RejectionTable>
          )}
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
