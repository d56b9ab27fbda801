import { useEffect, useRef } from "react";
import { useNavigate, useParams } from "@remix-run/react";
import { useTranslation } from "../i18n/context.tsx";
import { browserSeen } from "../device/seen.ts";
import { useStore } from "../store/context.tsx";
import { createEar } from "./heard.ts";

const LOOK_MS = 300;

/** Calls the agent when a customer has written: with a sound and a notice of the system, where those are switched on. */
export function useAttention(): void {
  const store = useStore();
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id = null } = useParams();
  const current = useRef({ t, navigate, open: id });
  current.current = { t, navigate, open: id };

  useEffect(() => {
    const hear = createEar();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      timer = undefined;
      // Until those who wait are known, all that is loaded would be news.
      if (store.wantsWaiting() === "first") return;
      // There before it is needed: the tab that the agent looks at must be the first to know.
      const calling = import("./call-agent.ts").catch(() => null);
      const news = hear(store.rows()).filter(
        (row) => browserSeen().isUnread(row) || row.id === current.current.open,
      );
      const newest = news.reduce<(typeof news)[number] | null>(
        (last, row) => ((row.last_received_receipt ?? "") > (last?.last_received_receipt ?? "") ? row : last),
        null,
      );
      if (newest === null) return;
      void calling.then((calls) => calls?.callAgent({ row: newest, ...current.current }));
    };
    const soon = (): void => {
      timer ??= setTimeout(look, LOOK_MS);
    };
    soon();
    const stop = store.subscribe(soon);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store]);
}
