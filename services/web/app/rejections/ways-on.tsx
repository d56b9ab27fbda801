import { useEffect, useRef } from "react";
import { Link, useLocation } from "@remix-run/react";
import { ArrowRight, Check, RotateCcw } from "lucide-react";
import type { Rejection } from "@fio/contracts";
import { customerOf } from "../names/customer.ts";
import { useRow } from "../store/context.tsx";
import { useTranslation } from "../i18n/context.tsx";
import { conversationPath, PATHS } from "../names/paths.ts";
import { DoneIcon, Icon } from "../ui/icons.tsx";
import { resolvedBy, seeTo, useProgress, type Act, type Acted } from "./see-to.ts";

/**
 * What can be done about a message that was left out, and what came of it: the same wherever it is shown. Forms, so that
 * it works before any script runs; only the receipt is sent, the rest is read on the server.
 */
export function WaysOn({
  rejection,
  done,
}: {
  rejection: Rejection;
  /** Called when something was done; `focused`: the focus was on the button that is gone now. */
  done?: (acted: Acted, focused: boolean) => void;
}) {
  const { t } = useTranslation();
  const { receipt, reason, event } = rejection;
  const progress = useProgress(receipt);
  const { pathname, search } = useLocation();
  const self = useRef<HTMLDivElement>(null);
  const resolution = resolvedBy(rejection.resolution, progress);
  const pending = progress?.kind === "pending";
  const replays = reason === "INTERNAL_ERROR";
  const carries = event.type === "NEW_MESSAGE" && reason !== "CONVERSATION_NOT_FOUND" && !replays;
  const waits = reason === "CONVERSATION_NOT_FOUND" || replays;
  const applied = progress?.kind === "done" && progress.acted.kind === "applied";
  const gone = progress?.kind === "done" && progress.acted.kind === "gone";

  const run = (act: Act): void => {
    if (pending) return;
    void seeTo(receipt, act).then((acted) => {
      if (acted === null || acted.kind === "failed") return;
      done?.(acted, self.current?.contains(document.activeElement) === true);
    });
  };
  // What had the focus is gone: the focus stays where the answer is.
  const shownAs = applied ? "applied" : gone ? "gone" : (resolution?.how ?? "open");
  const before = useRef(shownAs);
  useEffect(() => {
    if (before.current === shownAs) return;
    before.current = shownAs;
    if (document.activeElement !== document.body) return;
    const carried = self.current?.querySelector("a");
    (carried ?? self.current)?.focus({ preventScroll: true });
  }, [shownAs]);

  const button = (act: Act, className: string, words: React.ReactNode) => (
    <form
      method="post"
      action={PATHS.rejections}
      className="contents"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        run(act);
      }}
    >
      <input type="hidden" name="receipt" value={receipt} />
      <input type="hidden" name="back" value={pathname + search} />
      {/* Not `disabled`: that would drop the focus. */}
      <button className={className} name="act" value={act} aria-disabled={pending}>
        {words}
      </button>
    </form>
  );

  if (applied) {
    return (
      <div className="ways" ref={self} tabIndex={-1}>
        <span className="done">
          <DoneIcon className="tick applied" />
          {t("event.applied")}
        </span>
      </div>
    );
  }
  if (gone) {
    return (
      <div className="ways" ref={self} tabIndex={-1}>
        <span className="sub">{t("rejections.left")}</span>
      </div>
    );
  }
  return (
    <div className="ways" ref={self} tabIndex={-1}>
      {resolution?.how === "carried" && resolution.carried_to !== undefined && (
        <CarriedTo id={resolution.carried_to} />
      )}
      {resolution?.how === "seen" && (
        <span className="done">
          <Icon of={Check} />
          {t("rejections.seen.done")}
        </span>
      )}
      {resolution === null && replays && (
        <>
          {button(
            "replay",
            "btn sm",
            <>
              <Icon of={RotateCcw} />
              {t(pending && progress.act === "replay" ? "rejections.replaying" : "rejections.replay")}
            </>,
          )}
        </>
      )}
      {resolution?.how !== "carried" &&
        carries &&
        button(
          "carry",
          resolution === null ? "btn sm" : "btn sm quiet",
          t(pending && progress.act === "carry" ? "rejections.carrying" : "rejections.carry"),
        )}
      {resolution === null && (carries || waits) && button("seen", "btn sm quiet", t("rejections.seen"))}
      {resolution === null && !carries && !waits && <span className="sub">{t("rejections.definitive")}</span>}
      {progress?.kind === "failed" && (
        <p className="ways-failed" role="alert">
          {t(FAILED[progress.act], { reason: t(progress.reason) })}{" "}
          <button className="btn sm quiet" type="button" onClick={() => run(progress.act)}>
            {t("error.retry")}
          </button>
        </p>
      )}
    </div>
  );
}

/** What is said of an act that failed. */
export const FAILED = {
  carry: "rejections.carry.failed",
  seen: "rejections.seen.failed",
  replay: "rejections.replay.failed",
} as const;

function CarriedTo({ id }: { id: string }) {
  const { t } = useTranslation();
  const { name, tail } = customerOf(id, useRow(id)?.contact);
  return (
    <Link className="done" to={conversationPath(id)}>
      <Icon of={ArrowRight} />
      {t("rejections.carried", { name: `${name} ${tail}` })}
    </Link>
  );
}
