import { useEffect, useState } from "react";
import { Link, useSearchParams } from "@remix-run/react";
import { ArrowLeft, Copy, Lock, PanelRight } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { useStore, useThread } from "../store/context.tsx";
import { filterOf } from "../store/list.ts";
import type { Thread } from "../store/thread.ts";
import { browserSeen } from "../device/use-seen.ts";
import { handleOf } from "@fio/contracts/handle";
import { listPath } from "../names/paths.ts";
import { useNow, useTimes } from "../time/context.tsx";
import { instantOf } from "../time/times.ts";
import { Avatar, HandleText } from "../ui/avatar.tsx";
import { CloseButton } from "./close-button.tsx";
import { Composer } from "./composer/composer.tsx";
import { useCommand } from "../keys/commands.ts";
import { useKeyTitle } from "../keys/key-caps.tsx";
import { CopyButton, copyText } from "../ui/copy-button.tsx";
import { useDetails } from "./details-context.tsx";
import { Icon } from "../ui/icons.tsx";
import { NewConversation } from "../inbox/list.tsx";
import { LiveState } from "../connection/live-state.tsx";
import { MoreMenu } from "./more-menu.tsx";
import { toast } from "../ui/toast.ts";
import { ThreadView } from "./thread-view.tsx";

/** One conversation: its head, its messages, and the field to answer. */
export function ConversationPane({ id }: { id: string; position: string | null }) {
  const thread = useThread(id);
  const store = useStore();
  const [simulating, setSimulating] = useState(false);
  useEffect(() => () => store.leave(id), [store, id]);
  const row = thread?.row;
  useEffect(() => {
    if (row === undefined) return;
    const see = (): void => {
      if (document.visibilityState === "visible") browserSeen().mark(row);
    };
    see();
    document.addEventListener("visibilitychange", see);
    return () => document.removeEventListener("visibilitychange", see);
  }, [row]);
  if (thread === undefined) return null;
  return (
    <main className="pane" id="content">
      <div className="convo">
        <Head thread={thread} simulate={() => setSimulating(true)} />
        <LiveState className="convo-live" />
        <ThreadView thread={thread} />
        <div className="dock">
          {thread.row.state === "CLOSED" ? (
            <Shut />
          ) : (
            <Composer thread={thread} simulating={simulating} setSimulating={setSimulating} />
          )}
        </div>
      </div>
    </main>
  );
}

function Head({ thread: { row }, simulate }: { thread: Thread; simulate: () => void }) {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  const details = useDetails();
  const handle = handleOf(row.id);
  const [search] = useSearchParams();
  const filter = filterOf(search.get("state"));
  const title = useKeyTitle();
  useCommand(
    "copy",
    () => void copyText(row.id).then((done) => done && toast(t("convo.copied"), { kind: "note" })),
  );
  return (
    <header className="pane-head convo-head">
      <Link className="btn icon quiet phone-only" to={listPath({ filter })} aria-label={t("convo.back")}>
        <Icon of={ArrowLeft} />
      </Link>
      <Avatar handle={handle} />
      <div className="who">
        <h1>
          <HandleText handle={handle} />
          <CopyButton
            className="btn icon quiet xs"
            text={row.id}
            label={t("convo.copyId")}
            title={title(t("convo.copyId"), "copy")}
            copied={t("convo.copied")}
          >
            <Icon of={Copy} />
          </CopyButton>
        </h1>
        <p>
          <State state={row.state} />
          <span className="sep long">·</span>
          <span className="long">
            {t("convo.started", { when: times.relative(instantOf(row.created_at), now) })}
          </span>
          {row.message_count > 0 && (
            <>
              <span className="sep">·</span>
              <span>{t("convo.messages", { count: row.message_count })}</span>
            </>
          )}
        </p>
      </div>
      {row.state === "OPEN" && <CloseButton id={row.id} />}
      <Link
        className="btn icon quiet toggle not-phone"
        to="?details"
        role="button"
        aria-label={t("convo.details")}
        aria-pressed={details.docked}
        title={title(t("convo.details"), "details")}
        onClick={(event) => {
          event.preventDefault();
          details.toggle();
        }}
        onKeyDown={(event) => {
          if (event.key !== " ") return;
          event.preventDefault();
          details.toggle();
        }}
      >
        <Icon of={PanelRight} />
      </Link>
      <MoreMenu row={row} simulate={simulate} />
    </header>
  );
}

export function State({ state }: { state: "OPEN" | "CLOSED" }) {
  const { t } = useTranslation();
  if (state === "OPEN") return <span className="state open">{t("convo.open")}</span>;
  return (
    <span className="state closed">
      <Icon of={Lock} />
      {t("convo.closed")}
    </span>
  );
}

function Shut() {
  const { t } = useTranslation();
  return (
    <div className="shut">
      <Icon of={Lock} />
      <p>
        <strong>{t("shut.title")}</strong> {t("shut.hint")}
      </p>
      <NewConversation className="btn sm" />
    </div>
  );
}
