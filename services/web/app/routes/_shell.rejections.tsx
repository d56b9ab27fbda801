import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { Link, useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { receipt as receiptSchema } from "@fio/contracts";
import { handleOf } from "@fio/contracts/handle";
import { useTranslation } from "../i18n/context.tsx";
import { idIn } from "../names/id.ts";
import { conversationPath, PATHS, withQuery } from "../names/paths.ts";
import { PageTop } from "../rejections/page-top.tsx";
import { RejectionList } from "../rejections/rejection-list.tsx";
import { showOf, type Show } from "../rejections/rejection-page.ts";
import { FAILED } from "../rejections/ways-on.tsx";
import { available } from "../server/available.server.ts";
import { backOf, formOf, textOf } from "../server/form.server.ts";
import { rejectionsOf } from "../server/rejections.server.ts";
import { actOf, doAct } from "../server/see-to.server.ts";
import { Failed } from "../shell/errors.tsx";
import { titleOf } from "../shell/title.ts";
import { Stage } from "../shell/stage.tsx";

export const meta: MetaFunction = ({ matches }) => [{ title: titleOf(matches, "rejections.title") }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const read = await available(context, rejectionsOf(request, context.api));
  if (read.kind === "refused") throw data(null, { status: read.problem.status });
  // The stream goes on from there: nothing is missed in between, and nothing asked for twice.
  return { rejections: read.data, next: read.next, position: read.position };
}

/** What forms post where no script runs. */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await formOf(request);
  const receipt = receiptSchema.safeParse(textOf(form, "receipt"));
  const act = actOf(textOf(form, "act"));
  if (!receipt.success || act === null) throw data(null, { status: 400 });
  const acted = await doAct(context, { act, receipt: receipt.data });
  if (acted.kind === "failed")
    return data({ act, receipt: receipt.data, reason: acted.reason }, { status: 503 });
  return redirect(acted.kind === "carried" ? conversationPath(acted.to) : backOf(form, PATHS.rejections));
}

/** What came in and is in no conversation, and the ways on. */
export default function Rejections() {
  const { t } = useTranslation();
  const loaded = useLoaderData<typeof loader>();
  const failed = useActionData<typeof action>();
  const [search] = useSearchParams();
  const show = showOf(search.get("show"));
  const conversation = idIn(search.get("conversation") ?? "");
  const address = (shown: Show, page: string | null = null): string =>
    withQuery(PATHS.rejections, { show: shown === "pending" ? null : shown, conversation, page });
  return (
    <Stage>
      <div className="page">
        <PageTop
          title={t("rejections.title")}
          intro={t("rejections.intro")}
          current={show}
          addressOf={address}
        />
        {conversation !== null && (
          <p className="only">
            {t("rejections.of", { name: handleOf(conversation).name })}{" "}
            <Link to={withQuery(PATHS.rejections, { show: "all" })}>{t("rejections.of.all")}</Link>
          </p>
        )}
        {failed !== undefined && (
          <form className="ways-failed" role="alert" method="post" action={PATHS.rejections}>
            {t(FAILED[failed.act], { reason: t(failed.reason) })}{" "}
            <input type="hidden" name="receipt" value={failed.receipt} />
            <button className="btn sm" name="act" value={failed.act}>
              {t("error.retry")}
            </button>
          </form>
        )}
        <RejectionList
          key={search.toString()}
          loaded={loaded}
          query={search.toString()}
          show={show}
          filtered={conversation !== null}
          addressOf={(page) => address(show, page)}
          deep={search.has("page")}
        />
      </div>
    </Stage>
  );
}

export function ErrorBoundary() {
  const { t } = useTranslation();
  return (
    <Stage>
      <Failed title={t("rejections.failed")} />
    </Stage>
  );
}
