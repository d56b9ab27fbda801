import { useTranslation } from "../../i18n/context.tsx";
import { useWords } from "../../i18n/later.ts";
import { useCommand } from "../../keys/commands.ts";
import { PATHS, withQuery } from "../../names/paths.ts";
import { focusedIn, LiveList, useListRefs } from "../live-list.tsx";
import { FailedRow } from "./failed-row.tsx";
import { keyOfFailed, newsIn } from "./held-page.ts";
import type { FailedAct, FailedPage } from "./act-on-failed.ts";
import { useLiveFailed } from "./use-live-failed.ts";
import { UNDELIVERED_WORDS } from "./words.ts";

/** The answers that did not go out, of one address, live: nothing moves while a reader is among them. */
export function FailedList({ loaded, query }: { loaded: FailedPage; query: string }) {
  const { t } = useTranslation();
  const say = useWords(UNDELIVERED_WORDS);
  const [state, act] = useLiveFailed(loaded, query);
  const { deliveries, next } = state.shown;
  const refs = useListRefs();
  // The one that has the focus; where none has, the first that is not on its way.
  useCommand("sendAgain", () => {
    const { all, at } = focusedIn(refs);
    const within = all[at] ?? refs.items.current;
    if (within) sendAgainIn(within)?.click();
  });
  /** The focus goes on to the same button of the next one, from the last one up to the first. */
  const goOn = (from: number, act: FailedAct): void => {
    const { all } = focusedIn(refs);
    const button = [...all.slice(from + 1), ...all.slice(0, from)]
      .map(act === "seen" ? markSeenIn : sendAgainIn)
      .find((one) => one !== null);
    (button ?? refs.scroller.current)?.focus({ preventScroll: true });
    button?.closest("li")?.scrollIntoView({ block: "nearest" });
  };
  return (
    <LiveList
      refs={refs}
      label={t("undelivered.title")}
      empty={deliveries.length === 0 ? { title: say("empty"), hint: say("emptyHint") } : null}
      news={newsIn(state)}
      act={act}
      controlOf={(item) => sendAgainIn(item) ?? item.querySelector("a")}
      next={next === null ? null : withQuery(PATHS.undelivered, { page: next })}
      newest={new URLSearchParams(query).has("page") ? PATHS.undelivered : null}
    >
      {deliveries.map((failed, index) => (
        <FailedRow
          key={keyOfFailed(failed)}
          failed={failed}
          done={(act, focused) => {
            if (focused) goOn(index, act);
          }}
        />
      ))}
    </LiveList>
  );
}

const sendAgainIn = (item: Element): HTMLElement | null => item.querySelector<HTMLElement>(".send-again");
const markSeenIn = (item: Element): HTMLElement | null => item.querySelector<HTMLElement>(".mark-seen");
