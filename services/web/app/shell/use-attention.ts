import { useEffect } from "react";
import { useLocation, useNavigate, useParams } from "@remix-run/react";
import type { ConversationRow } from "@fio/contracts";
import { useTranslation } from "../i18n/context.tsx";
import { PREVIEW_UNITS } from "@fio/contracts/limits";
import { lineOf } from "../text/blank.ts";
import { handleOf } from "@fio/contracts/handle";
import { conversationPath } from "../names/paths.ts";
import { useStore } from "../store/context.tsx";
import { chime } from "../device/chime.ts";
import { kept } from "../device/kept.ts";
import { setting } from "../device/settings.ts";
import { browserSeen } from "../device/use-seen.ts";

const LOOK_MS = 500;

/** Counts what is unread in the tab's title, and calls for attention when a customer has written. */
export function useAttention(): void {
  const store = useStore();
  const { t } = useTranslation();
  const navigate = useNavigate();
  const location = useLocation();
  const { id = null } = useParams();

  useEffect(() => {
    const known = new Map<string, number>();
    let first = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      timer = undefined;
      let unread = 0;
      let newest: ConversationRow | null = null;
      for (const row of store.rows()) {
        const away = row.id !== id || document.visibilityState !== "visible";
        if (away) unread += browserSeen().unread(row);
        const before = known.get(row.id);
        known.set(row.id, row.message_count);
        const more = before === undefined ? !first && row.message_count > 0 : row.message_count > before;
        if (more && away && row.last_message_direction === "RECEIVED" && browserSeen().unread(row) > 0)
          newest = row;
      }
      first = false;
      document.title = `${unread > 0 ? `(${unread}) ` : ""}${document.title.replace(/^\(\d+\) /, "")}`;
      if (newest !== null && isFirstTab(newest))
        call(newest, { blank: t("message.blank"), open: (path) => navigate(path) });
    };
    const soon = (): void => {
      timer ??= setTimeout(look, LOOK_MS);
    };
    soon();
    const stop = [store.subscribe(soon), browserSeen().subscribe(soon)];
    document.addEventListener("visibilitychange", soon);
    return () => {
      for (const end of stop) end();
      document.removeEventListener("visibilitychange", soon);
      clearTimeout(timer);
    };
  }, [store, id, navigate, location.pathname, t]);
}

const called = kept({ key: "fio.called", read: (text) => text ?? "", write: (what) => what });

/** With several tabs, only the first one notifies, once for each message. */
function isFirstTab(row: ConversationRow): boolean {
  const what = `${row.id} ${row.version}`;
  if (called.get() === what) return false;
  called.set(what);
  return true;
}

function call(row: ConversationRow, { blank, open }: { blank: string; open: (path: string) => void }): void {
  if (setting("sound")) chime();
  if (!setting("notify") || typeof Notification === "undefined" || Notification.permission !== "granted")
    return;
  if (document.visibilityState === "visible" && document.hasFocus()) return;
  const { name, tail } = handleOf(row.id);
  const notice = new Notification(`${name} ${tail}`, {
    body: lineOf(row.last_message_preview ?? "", { cutAt: PREVIEW_UNITS }) ?? blank,
    tag: row.id,
    icon: "/icon.svg",
  });
  notice.onclick = () => {
    window.focus();
    open(conversationPath(row.id));
    notice.close();
  };
}
