import { useEffect, useRef } from "react";
import { Link } from "@remix-run/react";
import { ArrowUp, CircleCheck } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import type { RejectionPage, Show } from "./rejection-page.ts";
import { Icon } from "../ui/icons.tsx";
import { useLiveRejections } from "./use-live-rejections.ts";
import { markRejectionsSeen } from "./use-new-rejections.ts";
import { RejectionTable } from "./rejection-table.tsx";
import { waitingCount } from "./shown-rejections.ts";

/** The refusals of one address, live: new ones appear, and those whose event was applied disappear. */
export function RejectionList({
  loaded,
  query,
  show,
  addressOf,
  deep,
}: {
  loaded: RejectionPage;
  /** Of the page's address. */
  query: string;
  show: Show;
  /** The address of a page of these; of the first for `null`. */
  addressOf: (page: string | null) => string;
  /** Another page than the first. */
  deep: boolean;
}) {
  const { t } = useTranslation();
  const [shown, act] = useLiveRejections(loaded, query);
  const { rows, page, held } = shown;
  const waiting = held ? waitingCount(shown) : 0;
  const newest = rows[0]?.rejection.receipt;
  useEffect(() => {
    if (newest !== undefined) markRejectionsSeen(newest);
  }, [newest]);

  const scroller = useRef<HTMLDivElement>(null);
  const pointer = useRef(false);
  const hold = (focused: EventTarget | null, around: Element): void => {
    const inside = focused instanceof Element && around.contains(focused) && focused !== scroller.current;
    act({ kind: "held", on: pointer.current || inside });
  };

  if (rows.length === 0) {
    return (
      <div className="blank">
        <Icon of={CircleCheck} className="big ok" />
        <h2>{t(show === "pending" ? "rejections.empty" : "rejections.empty.all")}</h2>
        <p>{t("rejections.empty.hint")}</p>
        {deep && <Newest to={addressOf(null)} />}
      </div>
    );
  }
  return (
    <div
      className="live-table"
      onFocus={(event) => hold(event.target, event.currentTarget)}
      // Switching windows does not change the focus: what had it here still has it.
      onBlur={(event) => hold(event.relatedTarget ?? document.activeElement, event.currentTarget)}
    >
      {waiting > 0 && (
        <button
          className="pill news"
          type="button"
          onClick={() => {
            act({ kind: "show" });
            scroller.current?.scrollTo({ top: 0 });
            scroller.current?.focus({ preventScroll: true });
          }}
        >
          <Icon of={ArrowUp} />
          {t("rejections.new", { count: waiting })}
        </button>
      )}
      <RejectionTable
        rows={rows}
        open={shown.open}
        scroller={scroller}
        onToggle={(receipt) => act({ kind: "toggle", receipt })}
        onPointer={(inside) => {
          pointer.current = inside;
          const around = scroller.current?.parentElement;
          if (around) hold(document.activeElement, around);
        }}
      >
        <p className="end-note">
          {page.next === null ? (
            t("rejections.end")
          ) : (
            <Link className="btn quiet sm" to={addressOf(page.next)}>
              {t("rejections.more")}
            </Link>
          )}
          {deep && <Newest to={addressOf(null)} />}
        </p>
      </RejectionTable>
    </div>
  );
}

function Newest({ to }: { to: string }) {
  const { t } = useTranslation();
  return (
    <Link className="btn quiet sm" to={to}>
      {t("rejections.newest")}
    </Link>
  );
}
