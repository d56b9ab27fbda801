import { useRef } from "react";
import { Link } from "@remix-run/react";
import { ArrowUp, CircleCheck } from "lucide-react";
import { useTranslation } from "../../i18n/context.tsx";
import { useWords } from "../../i18n/later.ts";
import { useCommand } from "../../keys/commands.ts";
import { PATHS, withQuery } from "../../names/paths.ts";
import { Icon } from "../../ui/icons.tsx";
import { FailedRow } from "./failed-row.tsx";
import { keyOfFailed, newsIn } from "./held-page.ts";
import type { FailedPage } from "./send-again.ts";
import { useLiveFailed } from "./use-live-failed.ts";
import { UNDELIVERED_WORDS } from "./words.ts";

/** The answers that did not go out, of one address, live: nothing moves while a reader is among them. */
export function FailedList({ loaded, query }: { loaded: FailedPage; query: string }) {
  const { t } = useTranslation();
  const say = useWords(UNDELIVERED_WORDS);
  const [state, act] = useLiveFailed(loaded, query);
  const { deliveries, next } = state.shown;
  const deep = new URLSearchParams(query).has("page");
  const news = newsIn(state);
  const scroller = useRef<HTMLDivElement>(null);
  const items = useRef<HTMLUListElement>(null);
  const pointer = useRef(false);
  const hold = (focused: EventTarget | null, around: Element): void => {
    const inside = focused instanceof Element && around.contains(focused) && focused !== scroller.current;
    act({ kind: "held", on: pointer.current || inside });
  };
  const onPointer = (inside: boolean): void => {
    pointer.current = inside;
    if (scroller.current) hold(document.activeElement, scroller.current);
  };
  const rows = (): Element[] => [...(items.current?.children ?? [])];
  const current = (): number => rows().findIndex((row) => row.contains(document.activeElement));
  const step = (by: 1 | -1): void => {
    const [all, at] = [rows(), current()];
    const row = all[at < 0 && by < 0 ? all.length - 1 : at + by];
    const control = row?.querySelector<HTMLElement>(".send-again") ?? row?.querySelector<HTMLElement>("a");
    control?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  };
  useCommand("next", () => step(1));
  useCommand("previous", () => step(-1));
  // The one that has the focus; where none has, the first that is not on its way.
  useCommand("sendAgain", () => {
    const within = rows()[current()] ?? items.current;
    within?.querySelector<HTMLButtonElement>(".send-again")?.click();
  });
  /** The focus goes on to the next one, from the last one up to the first. */
  const goOn = (from: number): void => {
    const all = rows();
    const button = [...all.slice(from + 1), ...all.slice(0, from)]
      .map((row) => row.querySelector<HTMLElement>(".send-again"))
      .find((one) => one !== null);
    (button ?? scroller.current)?.focus({ preventScroll: true });
    button?.closest("li")?.scrollIntoView({ block: "nearest" });
  };
  const newest = deep && (
    <Link className="btn quiet sm" to={PATHS.undelivered}>
      {t("rejections.newest")}
    </Link>
  );

  if (deliveries.length === 0) {
    return (
      <div className="blank">
        <Icon of={CircleCheck} className="big ok" />
        <h2>{say("empty")}</h2>
        <p>{say("emptyHint")}</p>
        {newest}
      </div>
    );
  }
  return (
    <div
      className="live-list"
      onFocus={(event) => hold(event.target, event.currentTarget)}
      // Switching windows does not change the focus: what had it still has it.
      onBlur={(event) => hold(event.relatedTarget ?? document.activeElement, event.currentTarget)}
    >
      {news > 0 && (
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
          {t("rejections.new", { count: news })}
        </button>
      )}
      <div
        className="list-wrap"
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={t("undelivered.title")}
        onPointerEnter={({ pointerType }) => pointerType !== "touch" && onPointer(true)}
        onPointerLeave={() => onPointer(false)}
      >
        <ul className="left-outs" ref={items}>
          {deliveries.map((failed, index) => (
            <FailedRow
              key={keyOfFailed(failed)}
              failed={failed}
              done={(focused) => {
                if (focused) goOn(index);
              }}
            />
          ))}
        </ul>
        <p className="end-note">
          {next === null ? (
            t("rejections.end")
          ) : (
            <Link className="btn quiet sm" to={withQuery(PATHS.undelivered, { page: next })}>
              {t("rejections.more")}
            </Link>
          )}
          {newest}
        </p>
      </div>
    </div>
  );
}
