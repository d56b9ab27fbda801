import { useRef, type ReactNode, type RefObject } from "react";
import { Link } from "@remix-run/react";
import { ArrowUp, CircleCheck } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { useCommand } from "../keys/commands.ts";
import { Icon } from "../ui/icons.tsx";

export type ListRefs = { scroller: RefObject<HTMLDivElement>; items: RefObject<HTMLUListElement> };

export const useListRefs = (): ListRefs => ({
  scroller: useRef<HTMLDivElement>(null),
  items: useRef<HTMLUListElement>(null),
});

/** The items, and which of them has the focus: -1 where none has. */
export function focusedIn({ items }: ListRefs): { all: Element[]; at: number } {
  const all = [...(items.current?.children ?? [])];
  return { all, at: all.findIndex((item) => item.contains(document.activeElement)) };
}

/** Items of one address, live: nothing moves while a reader is among them, what is new waits behind a button. */
export function LiveList({
  refs,
  label,
  empty,
  news,
  act,
  controlOf,
  next,
  newest,
  children,
}: {
  refs: ListRefs;
  label: string;
  /** What is said in place of items, where there are none. */
  empty: { title: string; hint: string } | null;
  /** New ones that wait. */
  news: number;
  act: (action: { kind: "held"; on: boolean } | { kind: "show" }) => void;
  /** What of an item the keys lead to. */
  controlOf: (item: Element) => HTMLElement | null | undefined;
  /** The address of the next page; `null`: this is the last one. */
  next: string | null;
  /** The address of the first page; `null`: this is it. */
  newest: string | null;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const { scroller, items } = refs;
  const pointer = useRef(false);
  const hold = (focused: EventTarget | null, around: Element): void => {
    const inside = focused instanceof Element && around.contains(focused) && focused !== scroller.current;
    act({ kind: "held", on: pointer.current || inside });
  };
  const onPointer = (inside: boolean): void => {
    pointer.current = inside;
    if (scroller.current) hold(document.activeElement, scroller.current);
  };
  const step = (by: 1 | -1): void => {
    const { all, at } = focusedIn(refs);
    const item = all[at < 0 && by < 0 ? all.length - 1 : at + by];
    if (item === undefined) return;
    controlOf(item)?.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  };
  useCommand("next", () => step(1));
  useCommand("previous", () => step(-1));
  const toNewest = newest !== null && (
    <Link className="btn quiet sm" to={newest}>
      {t("rejections.newest")}
    </Link>
  );

  if (empty !== null) {
    return (
      <div className="blank">
        <Icon of={CircleCheck} className="big ok" />
        <h2>{empty.title}</h2>
        <p>{empty.hint}</p>
        {toNewest}
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
        aria-label={label}
        onPointerEnter={({ pointerType }) => pointerType !== "touch" && onPointer(true)}
        onPointerLeave={() => onPointer(false)}
      >
        <ul className="left-outs" ref={items}>
          {children}
        </ul>
        <p className="end-note">
          {next === null ? (
            t("rejections.end")
          ) : (
            <Link className="btn quiet sm" to={next}>
              {t("rejections.more")}
            </Link>
          )}
          {toNewest}
        </p>
      </div>
    </div>
  );
}
