import { useTranslation } from "../i18n/context.tsx";
import { LeftOut } from "./left-out.tsx";
import { LiveList, useListRefs } from "./live-list.tsx";
import type { RejectionPage, Show } from "./rejection-page.ts";
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
  const refs = useListRefs();
  // Nothing that came in stays out, and nobody looked at a part only.
  const isWhole = show === "all" && !filtered && !deep;
  const empty = {
    title: t(show === "pending" ? "rejections.empty" : "rejections.empty.all"),
    hint: t(isWhole ? "rejections.empty.all.hint" : "rejections.empty.hint"),
  };
  return (
    <LiveList
      refs={refs}
      label={t("rejections.title")}
      empty={rows.length === 0 ? empty : null}
      news={held ? waitingCount(shown) : 0}
      act={act}
      controlOf={controlOf}
      next={page.next === null ? null : addressOf(page.next)}
      newest={deep ? addressOf(null) : null}
    >
      {rows.map((row, index) => (
        <LeftOut
          key={row.rejection.receipt}
          row={row}
          open={shown.open.has(row.rejection.receipt)}
          onToggle={(receipt) => act({ kind: "toggle", receipt })}
          done={(acted, focused) => {
            // Who carried it goes on to answer there, or to the next one by a key.
            const goesOn = focused && acted.kind !== "carried";
            if (goesOn && refs.items.current) focusNext(refs.items.current, index, refs.scroller.current);
          }}
        />
      ))}
    </LiveList>
  );
}

function controlOf(item: Element): HTMLElement | null {
  const within = (part: string) => item.querySelector<HTMLElement>(`${part} :is(button, a)`);
  return within(".lo-foot") ?? within(".lo-head");
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
