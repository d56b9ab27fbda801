import { useEffect, useState } from "react";
import { Link, useSearchParams } from "@remix-run/react";
import { ArrowLeft, Copy, Lock, PanelRight } from "lucide-react";
import type { ConversationRow, Timestamp } from "@fio/contracts";
import { useTranslation } from "../i18n/context.tsx";
import { useRow, useStore, useThread } from "../store/context.tsx";
import { filterOf } from "../store/list.ts";
import { isBegun } from "../store/thread.ts";
import { usePrinting } from "../device/use-printing.ts";
import { browserSeen } from "../device/use-seen.ts";
import { handleOf } from "@fio/contracts/handle";
import { listPath } from "../names/paths.ts";
import { useBeginning, useBegun } from "../outbox/use-outbox.ts";
import { useNow, useTimes } from "../time/context.tsx";
import { instantOf } from "../time/times.ts";
import { Avatar, HandleText } from "../ui/avatar.tsx";
import { CloseButton, CloseQuestion } from "./close-button.tsx";
import { Composer } from "./composer/composer.tsx";
import { useCommand } from "../keys/commands.ts";
import { useKeyTitle } from "../keys/key-caps.tsx";
import { CopyButton, copyText } from "../ui/copy-button.tsx";
import { useDetails } from "./details-context.tsx";
import { Icon } from "../ui/icons.tsx";
import { LiveState } from "../connection/live-state.tsx";
import { MoreMenu } from "./more-menu.tsx";
import { NewLink } from "./new-link.tsx";
import type { Opened } from "./opened.ts";
import { OpeningFault } from "./opening-fault.tsx";
import { ThreadSkeleton } from "./skeleton.tsx";
import { toast } from "../ui/toast.ts";
import { ThreadView } from "./thread-view.tsx";
import { useOpening } from "./use-opening.ts";

/** One conversation: its head, its messages, and the field to answer, which does not wait for the others. */
export function ConversationPane({ id, loaded }: { id: string; loaded: Opened | undefined }) {
  const thread = useThread(id);
  const listed = useRow(id);
  const store = useStore();
  const [simulating, setSimulating] = useState(false);
  useEffect(() => () => store.leave(id), [store, id]);
  const beganAt = useBeginning(id);
  useEffect(() => {
    if (beganAt === null || thread !== undefined) return;
    store.begin(id, beganAt as Timestamp);
    store.notify();
  }, [store, id, beganAt, thread]);
  const { opening, retry } = useOpening({ id, loaded, begun: beganAt !== null || isBegun(thread) });
  const row = thread?.row ?? listed;
  useEffect(() => {
    if (row === undefined) return;
    const see = (): void => {
      if (document.visibilityState === "visible") browserSeen().mark(row);
    };
    see();
    document.addEventListener("visibilitychange", see);
    return () => document.removeEventListener("visibilitychange", see);
  }, [row]);
  const closed = row?.state === "CLOSED";
  const missing = opening === "missing";
  // What does not exist can neither be closed nor simulated.
  const held = useBegun(row) === "held";
  return (
    <main className="pane" id="content" data-conversation={id}>
      <div className="convo">
        {missing ? (
          <header className="pane-head convo-head">
            <BackLink />
          </header>
        ) : (
          <Head id={id} row={row} held={held} simulate={() => setSimulating(true)} />
        )}
        <LiveState className="convo-live" />
        {thread !== undefined && !missing ? (
          <ThreadView thread={thread} />
        ) : opening === "loading" || opening === "found" ? (
          <ThreadSkeleton id={id} />
        ) : (
          <OpeningFault id={id} opening={opening} retry={retry} />
        )}
        <div className="dock">
          {!closed && !missing && <CloseQuestion />}
          <Composer
            id={id}
            first={row?.message_count === 0}
            over={closed ? "closed" : missing ? "missing" : null}
            instead={closed ? <Shut /> : null}
            simulates={!held}
            simulating={simulating}
            setSimulating={setSimulating}
          />
        </div>
      </div>
    </main>
  );
}

/** The name follows from the id; the rest is known with its row. */
function Head({
  id,
  row,
  held,
  simulate,
}: {
  id: string;
  row: ConversationRow | undefined;
  held: boolean;
  simulate: () => void;
}) {
  const { t } = useTranslation();
  const details = useDetails();
  const title = useKeyTitle();
  const handle = handleOf(id);
  useCommand(
    "copy",
    () => void copyText(id).then((done) => done && toast(t("convo.copied"), { kind: "note" })),
  );
  return (
    <header className="pane-head convo-head">
      <BackLink />
      <Avatar handle={handle} />
      <div className="who">
        <div className="who-name">
          <h1>
            <HandleText handle={handle} />
          </h1>
          <CopyButton
            className="btn icon quiet xs"
            text={id}
            label={t("convo.copyId")}
            title={title(t("convo.copyId"), "copy")}
            copied={t("convo.copied")}
          >
            <Icon of={Copy} />
          </CopyButton>
        </div>
        {row === undefined ? (
          <p aria-hidden="true">
            <span className="sk" style={{ width: 230 }} />
          </p>
        ) : (
          <Facts row={row} />
        )}
      </div>
      {row?.state === "OPEN" && !held && <CloseButton id={id} />}
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
      {row !== undefined && !held && <MoreMenu row={row} simulate={simulate} />}
    </header>
  );
}

function BackLink() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const filter = filterOf(search.get("state"));
  return (
    <Link className="btn icon quiet phone-only" to={listPath({ filter })} aria-label={t("convo.back")}>
      <Icon of={ArrowLeft} />
    </Link>
  );
}

function Facts({ row }: { row: ConversationRow }) {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  const printing = usePrinting();
  const began = instantOf(row.created_at);
  if (row.version === 0) {
    return (
      <p>
        <State row={row} />
      </p>
    );
  }
  return (
    <p>
      <State row={row} />
      <span className="sep long">·</span>
      <span className="long">
        {t("convo.started", { when: printing ? times.full(began) : times.relative(began, now) })}
      </span>
      {row.message_count > 0 && (
        <>
          <span className="sep">·</span>
          <span>{t("convo.messages", { count: row.message_count })}</span>
        </>
      )}
    </p>
  );
}

export function State({ row }: { row: ConversationRow }) {
  const { t } = useTranslation();
  const begun = useBegun(row);
  if (begun !== "begun") return <span>{t(`convo.${begun}`)}</span>;
  if (row.state === "OPEN") return <span className="state open">{t("convo.open")}</span>;
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
      <NewLink className="btn sm" />
    </div>
  );
}
