import { useCallback, useEffect, useRef } from "react";
import { useNavigate, useNavigation, useParams, useSearchParams } from "@remix-run/react";
import type { ConversationRow } from "@fio/contracts";
import { useTranslation } from "../i18n/context.tsx";
import { conversationIn, conversationPath } from "../names/paths.ts";
import { browserOutbox } from "../outbox/browser-outbox.ts";
import { isMessage } from "../outbox/entry.ts";
import { useStore } from "../store/context.tsx";
import { filterOf } from "../store/list.ts";
import { loadRows } from "../store/load-rows.ts";
import type { Store } from "../store/store.ts";
import { callOffKeys, holdKeys } from "../keys/held-keys.ts";
import { toast } from "../ui/toast.ts";
import { nextWaiting } from "./next-waiting.ts";

/** Goes to who waits longest, whether that row is drawn, loaded or neither, from whatever page. */
export function useNextWaiting(): () => void {
  const store = useStore();
  const navigate = useNavigate();
  const { t } = useTranslation();
  const { id } = useParams();
  const [search] = useSearchParams();
  const pending = useNavigation().location?.pathname;
  const open = (pending === undefined ? null : conversationIn(pending)) ?? id ?? null;
  /** Keys that come faster than the page goes on from where the last one went. */
  const at = useRef(open);
  useEffect(() => {
    at.current = open;
  }, [open]);
  const current = useRef({ filter: "", t, navigate });
  current.current = { filter: filterOf(search.get("state")), t, navigate };

  return useCallback(() => {
    const go = (): void => {
      const { filter, t, navigate } = current.current;
      const next = nextWaiting(store.list("waiting"), {
        open: at.current,
        isAnswered: (row) => isAnswered(store, row),
      });
      if (next === null) {
        toast(t("next.none"), { kind: "note" });
        return;
      }
      at.current = next;
      navigate(conversationPath(next, { filter }), { flushSync: true });
    };
    const outbox = browserOutbox();
    const isListed = store.wantsWaiting() !== "first";
    if (isListed && outbox.isKnown()) {
      go();
      return;
    }
    // Answers that were on their way before this page was loaded count too.
    const listed = isListed ? true : loadRows(store, "waiting", { first: true });
    // What is typed meanwhile is for whom this opens; where nobody is, it is for nobody.
    let wanted = true;
    const callOff = (): void => void (wanted = false);
    const end = holdKeys({ letters: "held", isReady: () => true, callOff });
    // A click goes elsewhere.
    addEventListener("pointerdown", callOff, { capture: true, once: true });
    void Promise.all([listed, outbox.known]).then(([done]) => {
      if (!done) callOffKeys();
      end();
      removeEventListener("pointerdown", callOff, { capture: true });
      if (!wanted) return;
      if (done) go();
      else toast(current.current.t("next.failed"), { kind: "bad" });
    });
  }, [store]);
}

/** An answer is on its way, or in the thread already: its row says so a moment later. */
function isAnswered(store: Store, row: ConversationRow): boolean {
  const isSending = browserOutbox()
    .entries()
    .filter(isMessage)
    .some(
      ({ conversation, state, event }) =>
        conversation === row.id &&
        event.data.direction === "SENT" &&
        state !== "refused" &&
        state !== "invalid",
    );
  if (isSending) return true;
  const last = store.thread(row.id)?.messages.at(-1);
  if (last?.direction !== "SENT" || last.state?.status === "FAILED") return false;
  return last.receipt > (row.last_received_receipt ?? "");
}
