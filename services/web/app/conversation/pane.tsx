import { useEffect, useState } from "react";
import { Lock } from "lucide-react";
import type { ContactRow, Timestamp } from "@fio/contracts";
import { useTranslation } from "../i18n/context.tsx";
import { useRow, useStore, useThread } from "../store/context.tsx";
import { isBegun } from "../store/thread.ts";
import { browserSeen } from "../device/seen.ts";
import { useBeginning, useBegun } from "../outbox/use-outbox.ts";
import { CloseQuestion } from "./close-button.tsx";
import { Composer } from "./composer/composer.tsx";
import { ACCOUNT } from "../device/account.ts";
import { Icon } from "../ui/icons.tsx";
import { loadWhenQuiet } from "../ui/load-when-quiet.tsx";
import { BackLink, Head } from "./head.tsx";
import { LiveState } from "../connection/live-state.tsx";
import { NewLink } from "./new-link.tsx";
import { OpeningFault } from "./opening-fault.tsx";
import { ThreadSkeleton } from "./skeleton.tsx";
import { ThreadView } from "./thread-view.tsx";
import { useOpening, type Opened } from "./use-opening.ts";

/** Where nobody signs in nobody has a name. */
const Presence = loadWhenQuiet<{ id: string }>(null, () =>
  ACCOUNT === "" ? Promise.resolve({ default: () => null }) : import("./presence/presence.tsx"),
);

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
  const missing = opening === "missing" || opening === "erased";
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
          <Presence id={id} />
          {!closed && !missing && <CloseQuestion />}
          <Composer
            id={id}
            first={row?.message_count === 0}
            over={closed ? "closed" : missing ? "missing" : null}
            instead={closed ? <Shut contact={row.contact} /> : null}
            simulates={!held}
            simulating={simulating}
            setSimulating={setSimulating}
          />
        </div>
      </div>
    </main>
  );
}

function Shut({ contact }: { contact: ContactRow | undefined }) {
  const { t } = useTranslation();
  return (
    <div className="shut">
      <Icon of={Lock} />
      <p>
        <strong>{t("shut.title")}</strong> {t("shut.hint")}
      </p>
      <NewLink className="btn sm" contact={contact} />
    </div>
  );
}
