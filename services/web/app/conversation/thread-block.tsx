import { memo, startTransition, useEffect, useRef, useState, type RefObject } from "react";
import { Info, Lock } from "lucide-react";
import { Link } from "@remix-run/react";
import { useTranslation } from "../i18n/context.tsx";
import { hasLeft, type Thread } from "../store/thread.ts";
import type { Entry } from "../outbox/entry.ts";
import { isAlive } from "../device/first-paint.ts";
import { guessedHeight, type Block, type Item } from "./thread-items.ts";
import { CarriedFrom } from "../rejections/carried-from.tsx";
import { useCarriedFrom } from "../store/context.tsx";
import { useTimes } from "../time/context.tsx";
import { instantOf } from "../time/times.ts";
import { usePrinting } from "../device/use-printing.ts";
import { AfterClose } from "./message/after-close.tsx";
import { Bubble } from "./message/bubble.tsx";
import type { Jump } from "./jump-dialog.tsx";
import { JumpButton } from "./jump-to-date.tsx";
import { DoneIcon, Icon } from "../ui/icons.tsx";

/** How far from the view blocks are drawn: several screens, so that scrolling finds them there. */
const NEAR = "1600px 0px";

/**
 * A run of messages; far from the view only its height is left. One that is not in view when it comes, `later`, starts
 * with a guess of it: what the switch to a conversation, and a page put above, cost is what one sees of them. Those near
 * the view follow in slices, between frames.
 */
export const ThreadBlock = memo(function ThreadBlock({
  block,
  later,
  scroller,
  thread,
  now,
  lastEntry,
  entries,
  jump,
  found,
}: {
  block: Block;
  later: boolean;
  scroller: RefObject<HTMLDivElement | null>;
  thread: Thread;
  now: number;
  lastEntry: string | null;
  entries: readonly Entry[];
  jump: (by: Jump) => void;
  /** The message that a search found. */
  found: string | null;
}) {
  const element = useRef<HTMLOListElement>(null);
  // What the server draws is whole: it knows no view.
  const [height, setHeight] = useState(() => (later && isAlive() ? guessedHeight(block) : null));
  useEffect(() => {
    const own = element.current;
    if (own === null) return;
    const observer = new IntersectionObserver(
      ([seen]) => {
        if (seen === undefined) return;
        const { isIntersecting, boundingClientRect } = seen;
        startTransition(() => setHeight(isIntersecting ? null : boundingClientRect.height));
      },
      { root: scroller.current, rootMargin: NEAR },
    );
    observer.observe(own);
    return () => observer.disconnect();
  }, [scroller]);

  const printing = usePrinting();
  if (height !== null && !printing)
    return <ol ref={element} data-block={block.key} style={{ height }} aria-hidden="true" />;
  return (
    <ol ref={element} data-block={block.key}>
      {block.items.map((item) => (
        <ThreadItem
          key={item.key}
          item={item}
          thread={thread}
          now={printing ? null : now}
          jump={jump}
          unfolded={item.key === found}
          words={item.key === lastEntry}
          waiting={item.key === lastEntry ? entries.filter(({ state }) => state === "queued").length : 0}
        />
      ))}
    </ol>
  );
});

const ThreadItem = memo(function ThreadItem({
  item,
  thread,
  now,
  jump,
  unfolded,
  words,
  waiting,
}: {
  item: Item;
  thread: Thread;
  /** `null` on paper, which is read at any time. */
  now: number | null;
  jump: (by: Jump) => void;
  unfolded: boolean;
  /** Whether this is the newest message being sent, which shows its state in words. */
  words: boolean;
  waiting: number;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  switch (item.kind) {
    case "origin": {
      const created = thread.row.created_at;
      const fresh = now !== null && thread.messages.length === 0 && now - instantOf(created) < 60_000;
      return (
        <>
          <li className={fresh ? "line origin ok" : "line origin"}>
            {fresh ? <DoneIcon /> : <Icon of={Info} />}
            <span>
              {t("thread.origin")}{" "}
              <time dateTime={created} title={created}>
                {fresh
                  ? `${t("ago.now")}, ${times.clock(instantOf(created))}`
                  : times.long(instantOf(created), now)}
              </time>
            </span>
          </li>
          <CarriedLine id={thread.id} />
        </>
      );
    }
    case "day":
      return (
        <li className="day">
          <h2>{times.dayTitle(item.instant, now)}</h2>
          <JumpButton jump={jump} />
        </li>
      );
    case "news":
      return (
        <li className="line news">
          <span>{t("thread.newLine", { count: item.count })}</span>
        </li>
      );
    case "end":
      return (
        <li className="line end">
          <Icon of={Lock} />
          <span>
            {t("thread.ended")}{" "}
            <time dateTime={item.at} title={item.at}>
              {times.long(instantOf(item.at), now)}
            </time>
          </span>
        </li>
      );
    case "refused":
      return <AfterClose rejection={item.rejection} left={hasLeft(thread, item.rejection)} />;
    case "removed":
      return (
        <li className="line after">
          <span>{t("thread.removed", { count: item.count })}</span>{" "}
          <Link to={`/rejections?conversation=${thread.id}&show=all`}>{t("thread.removed.see")}</Link>
        </li>
      );
    case "message":
      return (
        <Bubble
          message={item.message}
          conversation={thread.id}
          start={item.start}
          unfolded={unfolded}
          words={words}
          waiting={waiting}
        />
      );
  }
});

/** Says where its first messages come from, for they were written elsewhere. */
function CarriedLine({ id }: { id: string }) {
  if (useCarriedFrom(id).length === 0) return null;
  return (
    <li className="line carried">
      <CarriedFrom id={id} />
    </li>
  );
}
