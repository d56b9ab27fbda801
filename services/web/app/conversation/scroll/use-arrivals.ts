import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import type { Rejection } from "@fio/contracts";
import { placeOf } from "@fio/contracts/place";
import type { Thread } from "../../store/thread.ts";
import { useTranslation } from "../../i18n/context.tsx";
import { isBlank } from "../../text/blank.ts";

/** This near the end counts as being there. */
const NEAR_PX = 80;

const isAtEnd = (element: HTMLElement): boolean => -element.scrollTop < NEAR_PX;

/**
 * Messages that came while the thread is open: how many below the view, which late ones above it, what to announce to
 * screen readers.
 */
export function useArrivals({
  thread,
  refused,
  scroller,
}: {
  thread: Thread;
  /** Written after the close: a customer's counts like every other. */
  refused: readonly Rejection[];
  scroller: RefObject<HTMLDivElement | null>;
}) {
  const { t } = useTranslation();
  const known = useRef(new Set<string>());
  const [away, setAway] = useState(false);
  const [fresh, setFresh] = useState<readonly string[]>([]);
  const [above, setAbove] = useState<readonly string[]>([]);
  const [announced, setAnnounced] = useState<string | null>(null);
  /** The thread reaches the newest message. */
  const live = thread.newer === null;

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = (): void => {
      const atEnd = live && isAtEnd(element);
      setAway(!live || -element.scrollTop > element.clientHeight / 2);
      if (atEnd && document.visibilityState === "visible") setFresh((ids) => (ids.length === 0 ? ids : []));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, [scroller, live]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const came = [...thread.arrived].filter(([id]) => !known.current.has(id));
    if (came.length === 0) return;
    for (const [id] of came) known.current.add(id);
    const outside = [...thread.outside.values()].map(({ message }) => message);
    const received = [...thread.messages, ...outside].filter(
      ({ id, direction }) => direction === "RECEIVED" && came.some(([other]) => other === id),
    );
    const last = received.at(-1);
    if (last !== undefined)
      setAnnounced(isBlank(last.content) ? t("message.blank") : last.content.slice(0, 200));
    const late = came.filter(([id, arrival]) => arrival.late && isAbove(id, element)).map(([id]) => id);
    if (late.length > 0) setAbove((ids) => [...ids, ...late]);
    const below = came.filter(([, arrival]) => !arrival.late).map(([id]) => id);
    if (live && isAtEnd(element)) element.scrollTop = 0;
    else if (below.length > 0) setFresh((ids) => [...ids, ...below]);
  }, [thread, live, scroller, t]);

  const opened = useRef(thread.row.last_received_receipt ?? "");
  useEffect(() => {
    const element = scroller.current;
    const came = refused.filter(
      ({ receipt, event, resolution }) =>
        event.data["direction"] === "RECEIVED" &&
        resolution === null &&
        receipt > opened.current &&
        !known.current.has(receipt),
    );
    const last = came.at(-1);
    if (element === null || last === undefined) return;
    for (const { receipt } of came) known.current.add(receipt);
    const text = last.event.data["content"] ?? "";
    setAnnounced(isBlank(text) ? t("message.blank") : text.slice(0, 200));
    if (live && isAtEnd(element)) element.scrollTop = 0;
    else setFresh((ids) => [...ids, ...came.map(({ receipt }) => receipt)]);
  }, [refused, live, scroller, t]);

  const clearAbove = useCallback(() => setAbove([]), []);
  const firstAbove = thread.messages.find(({ id }) => id === above[0]);
  return {
    /** Far enough from the end to offer a button back to it. */
    away: away || fresh.length > 0,
    firstNew: fresh[0] ?? null,
    newCount: fresh.length,
    above,
    abovePlace: firstAbove === undefined ? null : placeOf(firstAbove),
    clearAbove,
    announced,
  };
}

function isAbove(id: string, scroller: HTMLElement): boolean {
  const element = document.getElementById(`m-${id}`);
  if (element === null) return true;
  return element.getBoundingClientRect().bottom < scroller.getBoundingClientRect().top + 8;
}
