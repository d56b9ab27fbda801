import {
  Form,
  Link,
  useLocation,
  useNavigate,
  useNavigation,
  useParams,
  useSearchParams,
} from "@remix-run/react";
import { MessagesSquare, Plus, RefreshCw } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { FILTERS, type Filter } from "../store/list.ts";
import { useIsPhone } from "../device/use-media.ts";
import { Icon } from "../ui/icons.tsx";
import { GoTo } from "./go-to.tsx";
import { LiveState } from "../connection/live-state.tsx";
import { useCommand } from "../keys/commands.ts";
import { KeyCaps, useKeyTitle } from "../keys/key-caps.tsx";
import { conversationPath, listPath, PATHS } from "../names/paths.ts";
import { Rows } from "./rows.tsx";
import { wantFocus } from "../conversation/composer/wanted-focus.ts";
import { RowSkeletons } from "../ui/skeletons.tsx";
import { useSlow } from "../ui/use-slow.ts";

/** The left column: all conversations, newest activity first. */
export function List({ filter, failed }: { filter: Filter; failed: boolean }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const isMain = useIsPhone() && pathname === PATHS.home;
  return (
    <section className="list" aria-label={t("list.title")} {...(isMain ? { role: "main" } : {})}>
      <header className="list-head">
        <h1>{t("list.title")}</h1>
        <LiveState className="phone-only head-live" />
        <NewConversation className="btn sm new" />
      </header>
      <GoTo />
      <Filters filter={filter} />
      <ListBody filter={filter} failed={failed} />
      <footer className="list-foot">
        <LiveState className="" />
      </footer>
    </section>
  );
}

/** A form, so that it works before any script runs; the browser gives the id once there is one. */
export function NewConversation({ className, wide = false }: { className: string; wide?: boolean }) {
  const { t } = useTranslation();
  const navigation = useNavigation();
  const title = useKeyTitle();
  const pending = navigation.formAction === PATHS.conversations;
  return (
    <Form
      method="post"
      action={PATHS.conversations}
      onSubmit={() => wantFocus("new conversation")}
      className={wide ? "wide-form" : "contents"}
    >
      <button className={className} title={title(t("list.new"), "new")} aria-disabled={pending}>
        <Icon of={Plus} />
        <span>{t("list.new")}</span>
        <KeyCaps of="new" />
      </button>
    </Form>
  );
}

function Filters({ filter }: { filter: Filter }) {
  const { t } = useTranslation();
  const { id } = useParams();
  const navigate = useNavigate();
  const navigation = useNavigation();
  const title = useKeyTitle();
  const pathTo = (each: Filter): string =>
    id === undefined ? listPath({ filter: each }) : conversationPath(id, { filter: each });
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
          {t(`list.${each}`)}
        </Link>
      ))}
    </nav>
  );
}

function ListBody({ filter, failed }: { filter: Filter; failed: boolean }) {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const navigation = useNavigation();
  const next =
    navigation.location === undefined ? null : new URLSearchParams(navigation.location.search).get("state");
  const switching = useSlow(
    navigation.location !== undefined && (next ?? "open") !== (search.get("state") ?? "open"),
  );
  if (switching) {
    return (
      <div className="list-scroll" aria-busy="true">
        <RowSkeletons />
      </div>
    );
  }
  if (failed) {
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
  return <Rows filter={filter} />;
}
