import { Link, useLocation, useNavigate, useNavigation, useParams } from "@remix-run/react";
import { MessagesSquare, RefreshCw } from "lucide-react";
import { useOffer } from "../device/offer.ts";
import { useTranslation } from "../i18n/context.tsx";
import { useRows, useStore } from "../store/context.tsx";
import { useWaitingCount } from "../store/use-waiting.ts";
import { FILTERS, type Filter, type View } from "../store/list.ts";
import { useIsPhone } from "../device/use-media.ts";
import { Icon } from "../ui/icons.tsx";
import { onDemand } from "../ui/on-demand.tsx";
import { GoTo } from "./go-to.tsx";
import { LiveState } from "../connection/live-state.tsx";
import { useCommand } from "../keys/commands.ts";
import { useKeyTitle } from "../keys/key-caps.tsx";
import { conversationPath, listPath, PATHS } from "../names/paths.ts";
import { Rows } from "./rows.tsx";
import { NewLink } from "../conversation/new-link.tsx";
import { RowSkeletons } from "../ui/skeletons.tsx";
import { useSlow } from "../ui/use-slow.ts";

const NoticeOffer = onDemand(() => import("../connection/notice-offer.tsx"));

/** The left column: who waits, and all conversations. */
export function List({ filter, view, failed }: { filter: Filter; view: View; failed: boolean }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const offered = useOffer();
  const isMain = useIsPhone() && pathname === PATHS.home;
  return (
    <section className="list" aria-label={t("list.title")} {...(isMain ? { role: "main" } : {})}>
      <header className="list-head">
        <h1>{t("list.title")}</h1>
        <LiveState className="phone-only head-live" />
        <NewLink className="btn sm new" />
      </header>
      <GoTo />
      <Filters filter={filter} />
      <ListBody filter={filter} view={view} failed={failed} />
      {offered && <NoticeOffer />}
      <footer className="list-foot">
        <LiveState className="" />
      </footer>
    </section>
  );
}

function Filters({ filter }: { filter: Filter }) {
  const { t } = useTranslation();
  const { id } = useParams();
  const navigate = useNavigate();
  const waiting = useWaitingCount() ?? "";
  const navigation = useNavigation();
  const title = useKeyTitle();
  const pathTo = (each: Filter): string =>
    id === undefined ? listPath({ filter: each }) : conversationPath(id, { filter: each });
  useCommand("waiting", () => navigate(pathTo("waiting")));
  useCommand("open", () => navigate(pathTo("open")));
  useCommand("closed", () => navigate(pathTo("closed")));
  useCommand("all", () => navigate(pathTo("all")));
  const going = navigation.location === undefined ? null : new URLSearchParams(navigation.location.search);
  const shown =
    going !== null && navigation.location?.pathname === (id === undefined ? PATHS.home : conversationPath(id))
      ? (going.get("state") ?? "open")
      : filter;
  return (
    <nav className="seg" aria-label={t("list.filter")}>
      {FILTERS.map((each) => (
        <Link
          key={each}
          to={pathTo(each)}
          title={title(t(`list.${each}`), each)}
          {...(each === shown ? { "aria-current": "true" as const } : {})}
        >
          <span>{t(`list.${each}`)}</span>
          {each === "waiting" && waiting !== "" && (
            <span className="seg-count">
              <span aria-hidden="true">{waiting}</span>
              <span className="sr">
                , {t("list.waiting.count", { count: Number.parseInt(waiting), text: waiting })}
              </span>
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}

function ListBody({ filter, view, failed }: { filter: Filter; view: View; failed: boolean }) {
  const { t } = useTranslation();
  const store = useStore();
  const isKnown = store.horizon(view) !== undefined;
  const some = useRows(view).length > 0;
  const slow = useSlow(!isKnown && !some);
  if (failed && !isKnown) {
    return (
      <div className="list-scroll">
        <div className="blank small" role="alert">
          <Icon of={MessagesSquare} className="big" />
          <h2>{t("list.failed")}</h2>
          <p>{t("list.failed.hint")}</p>
          <Link className="btn" to="." reloadDocument>
            <Icon of={RefreshCw} />
            {t("error.retry")}
          </Link>
        </div>
      </div>
    );
  }
  if (!isKnown && !some) {
    return (
      <div className="list-scroll" aria-busy="true">
        {slow && <RowSkeletons />}
      </div>
    );
  }
  return <Rows key={view} filter={filter} view={view} />;
}
