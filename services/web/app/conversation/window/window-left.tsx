import { Clock, Lock } from "lucide-react";
import type { ContactRow } from "@fio/contracts";
import { useWords } from "../../i18n/later.ts";
import { serverAheadMs } from "../../outbox/browser-outbox.ts";
import type { Thread } from "../../store/thread.ts";
import { useNow, useTimes } from "../../time/context.tsx";
import { Icon } from "../../ui/icons.tsx";
import { useHeardElsewhere } from "./use-heard-elsewhere.ts";
import { heardIn, leftOf, windowAt, WINDOW_MS } from "./window.ts";
import { WINDOW_WORDS } from "./window-words.ts";

/** Above the field: how long WhatsApp still delivers an answer, and what it means that it does no more. */
export default function WindowLeft({
  contact,
  thread,
}: {
  contact: Pick<ContactRow, "channel" | "id">;
  /** Of the conversation, where there is one. */
  thread?: Thread;
}) {
  const say = useWords(WINDOW_WORDS);
  const times = useTimes();
  const now = useNow() + serverAheadMs();
  const own = thread === undefined ? null : heardIn(thread);
  const isOpen = own !== null && now - own < WINDOW_MS;
  const elsewhere = useHeardElsewhere(contact, { wanted: !isOpen, except: thread?.row.id });
  if (!isOpen && elsewhere === undefined) return <p className="window" id="window" />;
  const heard = elsewhere == null || (own !== null && own > elsewhere) ? own : elsewhere;
  const window = windowAt(heard, now);
  if (window.kind === "closed" || window.kind === "never") {
    return (
      <p className="banner" id="window" role="status">
        <Icon of={Lock} />
        <span>
          <strong>{say(window.kind)}</strong> {say(`${window.kind}.why`)} {say("templates")}
        </span>
      </p>
    );
  }
  const { hours, minutes } = leftOf(window.leftMs);
  const isSoon = window.kind === "soon";
  const left =
    hours === 0
      ? minutes === 0
        ? say("moment")
        : say("minutes", { minutes })
      : isSoon
        ? say("both", { hours, minutes })
        : say("hours", { hours });
  return (
    <p className={isSoon ? "window soon" : "window"} id="window">
      <Icon of={Clock} />
      <span>{isSoon ? say("soon", { left, time: times.clock(window.until) }) : say("open", { left })}</span>
    </p>
  );
}
