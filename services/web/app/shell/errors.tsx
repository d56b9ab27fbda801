import { useEffect, useState } from "react";
import {
  isRouteErrorResponse,
  Link,
  useLocation,
  useParams,
  useRevalidator,
  useRouteError,
} from "@remix-run/react";
import { Copy, Hash, RefreshCw, TriangleAlert } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { NoConversation } from "../conversation/no-conversation.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { PATHS } from "../names/paths.ts";
import { Icon } from "../ui/icons.tsx";

const RETRY_SECONDS = 5;

/** In the stage, where a conversation should be. */
export function ConversationError() {
  const { t } = useTranslation();
  const error = useRouteError();
  const { id = "" } = useParams();
  const notFound = isRouteErrorResponse(error) && error.status === 404;
  return (
    <main className="pane" id="content">
      {notFound ? (
        <>
          <NoConversation id={id} />
          <WaitForIt />
        </>
      ) : (
        <Failed title={t("error.conversation")} />
      )}
    </main>
  );
}

/** A page that could not be loaded: what to do, and that it is retried automatically. */
export function Failed({ title }: { title: string }) {
  const { t } = useTranslation();
  const error = useRouteError();
  const { pathname } = useLocation();
  const revalidator = useRevalidator();
  const left = useRetry(() => revalidator.revalidate(), revalidator.state === "idle");
  const status = isRouteErrorResponse(error) ? error.status : 503;
  const trying = revalidator.state !== "idle";
  return (
    <div className="blank" role="alert">
      <Icon of={TriangleAlert} className="big danger" />
      <h1>{title}</h1>
      <p>{t("error.store")}</p>
      <div className="acts">
        <Link
          className="btn solid"
          to={pathname}
          reloadDocument
          onClick={(event) => {
            event.preventDefault();
            revalidator.revalidate();
          }}
        >
          <Icon of={RefreshCw} />
          {t("error.retry")}
        </Link>
        <CopyButton
          className="btn quiet"
          text={`${status} GET ${pathname}`}
          label={t("error.copy")}
          copied={t("error.copied")}
        >
          <Icon of={Copy} />
          {t("error.copy")}
        </CopyButton>
      </div>
      <p className="fine" aria-live="off">
        {trying ? t("error.trying") : t("error.next", { seconds: left })}
      </p>
    </div>
  );
}

/** A conversation that was just created opens as soon as it is stored. */
function WaitForIt() {
  const revalidator = useRevalidator();
  useRetry(() => revalidator.revalidate(), revalidator.state === "idle");
  return null;
}

/** Counts the seconds down to the next try. */
function useRetry(retry: () => void, idle: boolean): number {
  const [left, setLeft] = useState(RETRY_SECONDS);
  useEffect(() => {
    if (!idle) {
      setLeft(RETRY_SECONDS);
      return;
    }
    const timer = setTimeout(() => {
      if (left <= 1) retry();
      else setLeft(left - 1);
    }, 1_000);
    return () => clearTimeout(timer);
    // `retry` is a new function in every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [left, idle]);
  return left;
}

/** When even the frame could not be built. */
export function RootError() {
  const { t } = useTranslation();
  const error = useRouteError();
  const notFound = isRouteErrorResponse(error) && error.status === 404;
  return (
    <main className="blank whole" id="content">
      <Icon of={notFound ? Hash : TriangleAlert} className={notFound ? "big" : "big danger"} />
      <h1>{t(notFound ? "error.noPage" : "error.page")}</h1>
      <p>{t(notFound ? "error.noPage.hint" : "error.ours")}</p>
      <div className="acts">
        <Link className="btn" to={PATHS.home} reloadDocument>
          {t("error.back")}
        </Link>
      </div>
    </main>
  );
}
