import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { useTranslation } from "../i18n/context.tsx";
import { useWords } from "../i18n/later.ts";
import { PATHS, withQuery } from "../names/paths.ts";
import { PageTop } from "../rejections/page-top.tsx";
import { FailedList } from "../rejections/undelivered/failed-list.tsx";
import { UNDELIVERED_WORDS } from "../rejections/undelivered/words.ts";
import { available } from "../server/available.server.ts";
import { actOnFailedBy } from "../server/deliveries.server.ts";
import { Failed } from "../shell/errors.tsx";
import { titleOf } from "../shell/title.ts";
import { Stage } from "../shell/stage.tsx";

export const meta: MetaFunction = ({ matches }) => [{ title: titleOf(matches, "undelivered.title") }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const page = new URL(request.url).searchParams.get("page");
  const read = await available(context, context.api.deliveries({ page }));
  if (read.kind === "refused") throw data(null, { status: read.problem.status });
  return { deliveries: read.data, next: read.next };
}

/** What forms post where no script runs. */
export async function action({ request, context }: ActionFunctionArgs) {
  const { act, came } = await actOnFailedBy(request, context);
  if (came.kind === "failed") return data({ act, reason: came.reason }, { status: 503 });
  return redirect(PATHS.undelivered);
}

/** Answers that did not go out, and what can be done about them. */
export default function Undelivered() {
  const { t } = useTranslation();
  const say = useWords(UNDELIVERED_WORDS);
  const loaded = useLoaderData<typeof loader>();
  const failed = useActionData<typeof action>();
  const [search] = useSearchParams();
  return (
    <Stage>
      <div className="page">
        <PageTop
          title={t("undelivered.title")}
          intro={say("intro")}
          current="undelivered"
          addressOf={(show) => withQuery(PATHS.rejections, { show: show === "pending" ? null : show })}
        />
        {failed !== undefined && (
          <p className="ways-failed" role="alert">
            {failed.act === "seen"
              ? t("rejections.seen.failed", { reason: t(failed.reason) })
              : say("failed", { reason: t(failed.reason) })}
          </p>
        )}
        <FailedList key={search.toString()} loaded={loaded} query={search.toString()} />
      </div>
    </Stage>
  );
}

export function ErrorBoundary() {
  const say = useWords(UNDELIVERED_WORDS);
  return (
    <Stage>
      <Failed title={say("loadFailed")} />
    </Stage>
  );
}
