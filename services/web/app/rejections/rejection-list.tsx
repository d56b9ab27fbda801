import { useRef } from "react";
import { Link } from "@remix-run/react";
import { ArrowUp, CircleCheck } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { useCommand } from "../keys/commands.ts";
import type { RejectionPage, Show } from "./rejection-page.ts";
import { Icon } from "../ui/icons.tsx";
import { LeftOut } from "./left-out.tsx";
import { waitingCount } from "./shown-rejections.ts";
import { useLiveRejections } from "./use-live-rejections.ts";

/** What was left out, of one address, live: new ones appear, and those that got in or were seen to disappear. */
export function RejectionList({
  loaded,
  query,
  show,
  filtered,
  addressOf,
  deep,
}: {
  loaded: RejectionPage;
  /** Of the page's address. */
  query: string;
  show: Show;
  /** Only of one conversation. */
  filtered: boolean;
  /** The address of a page of these; of the first for `null`. */
  addressOf: (page: string | null) => string;
  /** Another page than the first. */
  deep: boolean;
}) {
  const { t } = useTranslation();
  const [shown, act] = useLiveRejections(loaded, query);
  const { rows, page, held } = shown;
  const waiting = held ? waitingCount(shown) : 0;
  const scroller = useRef<HTMLDivElement>(null);
  const items = useRef<HTMLUListElement>(null);
  const pointer = useRef(false);
  const hold = (focused: EventTarget | null, around: Element): void => {
    const inside = focused instanceof Element && around.contains(focused) && focused !== scroller.current;
    act({ kind: "held", on: pointer.current || inside });
  };
  const step = (by: 1 | -1): void => {
    const all = [...(items.current?.children ?? [])];
    const at = all.findIndex((item) => item.contains(document.activeElement));
    const item = all[at < 0 && by < 0 ? all.length - 1 : at + by];
    const controlOf = (part: string) => item?.querySelector<HTMLElement>(`${part} :is(button, a)`);
    (controlOf(".lo-foot") ?? controlOf(".lo-head"))?.focus({ preventScroll: true });
    item?.scrollIntoView({ block: "nearest" });
  };
  useCommand("next", () => step(1));
  useCommand("previous", () => step(-1));
  const onPointer = (inside: boolean): void => {
    pointer.current = inside;
    if (scroller.current) hold(document.activeElement, scroller.current);
  };

  if (rows.length === 0) {
    // Nothing that came in stays out, and nobody looked at a part only.
    const isWhole = show === "all" && !filtered && !deep;
    return (
      <div className="blank">
        <Icon of={CircleCheck} className="big ok" />
        <h2>{t(show === "pending" ? "rejections.empty" : "rejections.empty.all")}</h2>
        <p>{t(isWhole ? "rejections.empty.all.hint" : "rejections.empty.hint")}</p>
        {deep && <Newest to={addressOf(null)} />}
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
      <div
        className="list-wrap"
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={t("rejections.title")}
        onPointerEnter={({ pointerType }) => pointerType !== "touch" && onPointer(true)}
        onPointerLeave={() => onPointer(false)}
      >
        <ul className="left-outs" ref={items}>
          {rows.map((row, index) => (
            <LeftOut
              key={row.rejection.receipt}
              row={row}
              open={shown.open.has(row.rejection.receipt)}
              onToggle={(receipt) => act({ kind: "toggle", receipt })}
              done={(acted, focused) => {
                // Who carried it goes on to answer there, or to the next one by a key.
                const goesOn = focused && acted.kind !== "carried";
                if (goesOn && items.current) focusNext(items.current, index, scroller.current);
              }}
            />
          ))}
        </ul>
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
      </div>
    </div>
  );
}

/** The focus goes on to the next one with something to do; from the last one up to the first. */
function focusNext(list: HTMLUListElement, from: number, otherwise: HTMLElement | null): void {
  const items = [...list.children];
  for (const item of [...items.slice(from + 1), ...items.slice(0, from)]) {
    const button = item.querySelector<HTMLElement>(".lo-foot button:not([aria-disabled=true])");
    if (button !== null && item.querySelector(".lo-foot .done") === null) {
      button.focus();
      item.scrollIntoView({ block: "nearest" });
      return;
    }
  }
  otherwise?.focus({ preventScroll: true });
}

function Newest({ to }: { to: string }) {
  const { t } = useTranslation();
  return (
    <Link className="btn quiet sm" to={to}>
      {t("rejections.newest")}
    </Link>
  );
}
