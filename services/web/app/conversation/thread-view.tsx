import { useRouteLoaderData } from "@remix-run/react";
import type { RootData } from "../root.tsx";
import { useEffect, useMemo, useRef, type ClipboardEvent } from "react";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import type { Thread } from "../store/thread.ts";
import { browserOutbox } from "../outbox/browser-outbox.ts";
import { useOutbox } from "../outbox/use-outbox.ts";
import { asText, selectedIds } from "./copied-messages.ts";
import { shownMessages, storedIds, threadItems, writtenAfterClose } from "./thread-items.ts";
import { useNow, useTimes } from "../time/context.tsx";
import { instantOf } from "../time/times.ts";
import { useCommand } from "../keys/commands.ts";
import { KeyCaps } from "../keys/key-caps.tsx";
import { useKnownRefused } from "../rejections/use-refused.ts";
import { Icon } from "../ui/icons.tsx";
import { useJump } from "./jump-to-date.tsx";
import { MoreMessages } from "./scroll/more-messages.tsx";
import { ThreadBlock } from "./thread-block.tsx";
import { useAnchor } from "./scroll/use-anchor.ts";
import { useArrivals } from "./scroll/use-arrivals.ts";
import { useAskedPlace } from "./scroll/use-asked-place.ts";
import { useBlocks } from "./scroll/use-blocks.ts";
import { useFoundWords } from "./message/use-found-words.ts";
import { useReveal } from "./scroll/use-reveal.ts";
import { useTravel } from "./scroll/use-travel.ts";
import { useTrim } from "./scroll/use-trim.ts";
import { useSimulator } from "./composer/use-simulator.ts";

/**
 * The messages of a conversation. The list grows from its end (`column-reverse`): the latest are in view before any
 * script runs, and pages added above move nothing. Of a long one only the blocks near the view are drawn.
 */
export function ThreadView({ thread }: { thread: Thread }) {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  const simulator = useSimulator();
  const entries = useOutbox(thread.id);
  const scroller = useRef<HTMLDivElement>(null);

  const signsIn = useRouteLoaderData<RootData>("root")?.agent != null;
  const shown = useMemo(() => shownMessages(thread, entries, signsIn), [thread, entries, signsIn]);
  const known = useKnownRefused(thread.id);
  // What this browser sent says so itself, where it was written.
  const refused = useMemo(
    () => writtenAfterClose(known).filter(({ event }) => entries.every(({ id }) => id !== event.data["id"])),
    [known, entries],
  );
  const arrivals = useArrivals({ thread, refused, scroller });
  const { firstNew, newCount } = arrivals;
  const { sameDay } = times;
  const items = useMemo(
    () => threadItems({ thread, shown, refused, firstNew, newCount, sameDay }),
    [thread, shown, refused, firstNew, newCount, sameDay],
  );
  const blocks = useBlocks(thread.id, items);
  const live = thread.newer === null;
  const remark = useAnchor({ scroller, live });
  const reveal = useReveal({ scroller, blocks, remark });
  const travel = useTravel({ thread, scroller, reveal, remark });
  const { toEnd } = travel;
  useAskedPlace({ id: thread.id, live, scroller, travel });
  useTrim({ thread, scroller });
  const { found } = useFoundWords(scroller);

  // Messages that are stored are removed from the outbox.
  useEffect(() => {
    const stored = storedIds(thread);
    for (const entry of entries) if (stored.has(entry.id)) browserOutbox().remove(entry.id);
  }, [thread, entries]);
  // One's own message is always followed.
  const lastOwn = entries.at(-1)?.id;
  const first = useRef(lastOwn);
  useEffect(() => {
    if (lastOwn !== undefined && lastOwn !== first.current) toEnd();
    first.current = lastOwn;
  }, [lastOwn, toEnd]);
  useCommand("newest", toEnd);
  const { jump, dialog } = useJump();

  // Of one message what is selected is copied as it is.
  const copy = (event: ClipboardEvent<HTMLDivElement>): void => {
    const selection = getSelection();
    const ids = selection === null ? [] : selectedIds(selection, event.currentTarget);
    if (ids.length < 2) return;
    event.preventDefault();
    event.clipboardData.setData(
      "text/plain",
      asText(
        shown.filter(({ id }) => ids.includes(id)),
        { t, times },
      ),
    );
  };

  const lastEntry = entries.at(-1)?.id ?? null;
  const closed = thread.row.state === "CLOSED";
  return (
    <>
      {arrivals.above.length > 0 && (
        <div className="float">
          <button
            className="pill up"
            type="button"
            onClick={() => {
              const [id] = arrivals.above;
              if (id !== undefined) travel.toMessage(id);
              arrivals.clearAbove();
            }}
          >
            <Icon of={ArrowUp} />
            {t("thread.late.above", {
              count: arrivals.above.length,
              when: times.relative(instantOf(arrivals.abovePlace ?? thread.row.created_at), now),
            })}
          </button>
        </div>
      )}
      <div
        className="scroll"
        role="log"
        aria-live="off"
        aria-label={t("thread.label")}
        tabIndex={0}
        ref={scroller}
        onCopy={copy}
      >
        <div className="msgs">
          {thread.older !== null && (
            <MoreMessages id={thread.id} side="older" query={thread.older} scroller={scroller} />
          )}
          {blocks.map((block) => (
            <ThreadBlock
              key={block.key}
              block={block}
              later={block.later}
              scroller={scroller}
              thread={thread}
              now={now}
              lastEntry={lastEntry}
              entries={entries}
              jump={jump}
              found={found}
            />
          ))}
          {thread.newer !== null && (
            <MoreMessages id={thread.id} side="newer" query={thread.newer} scroller={scroller} />
          )}
          {shown.length === 0 && refused.length === 0 && (
            <div className="blank">
              <p>{t(closed ? "thread.empty.closed" : simulator ? "thread.empty" : "thread.empty.plain")}</p>
            </div>
          )}
        </div>
      </div>
      <div className="float">
        {arrivals.away && (
          <button className={arrivals.newCount > 0 ? "pill" : "pill down-only"} type="button" onClick={toEnd}>
            <Icon of={ArrowDown} />
            {arrivals.newCount > 0 ? (
              <>
                {t("thread.new", { count: arrivals.newCount })}
                <KeyCaps of="newest" />
              </>
            ) : (
              <span className="sr">{t("thread.toEnd")}</span>
            )}
          </button>
        )}
      </div>
      {dialog}
      <p className="sr" role="status" aria-live="polite">
        {arrivals.announced === null ? "" : t("thread.announce", { text: arrivals.announced })}
      </p>
    </>
  );
}
