import { CircleSlash } from "lucide-react";
import type { Rejection } from "@fio/contracts";
import { receiptMilliseconds } from "@fio/contracts/receipts";
import { useTranslation } from "../../i18n/context.tsx";
import { useTimes } from "../../time/context.tsx";
import { Icon } from "../../ui/icons.tsx";
import { loadWhenQuiet } from "../../ui/load-when-quiet.tsx";
import { MessageBody } from "./bubble.tsx";
import { MediaBox } from "./media-box.tsx";

const loadWaysOn = async () => ({ default: (await import("../../rejections/ways-on.tsx")).WaysOn });
const WaysOn = loadWhenQuiet(import.meta.env.SSR ? (await loadWaysOn()).default : null, loadWaysOn);

/** A message that was written after the close: no part of the conversation, and not to be overlooked. */
export function AfterClose({
  rejection,
  left,
}: {
  rejection: Rejection;
  /** It had left before it was taken out. */
  left: boolean;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const { receipt, event, resolution } = rejection;
  const sent = event.data["direction"] === "SENT";
  const came = receiptMilliseconds(receipt);
  const classes = ["msg", sent ? "out" : "in", "start", "after-close", resolution !== null && "resolved"];
  return (
    <li className={classes.filter(Boolean).join(" ")} data-refused={receipt}>
      <div className="bubble" dir="auto">
        <bdi className="sr">{t(sent ? "thread.sent" : "thread.customer")}</bdi>
        {event.data.media && (
          <MediaBox media={event.data.media} source={`/media/${event.data.id}?receipt=${receipt}`} />
        )}
        <MessageBody text={event.data["content"] ?? ""} />
        <span className="meta" dir="ltr" title={event.timestamp}>
          <time dateTime={new Date(came).toISOString()}>{times.clock(came)}</time>
        </span>
      </div>
      <p className="note after-close-note">
        <Icon of={CircleSlash} />
        {t(left ? "thread.afterClose.left" : sent ? "thread.afterClose.sent" : "thread.afterClose")}
      </p>
      <WaysOn rejection={rejection} />
    </li>
  );
}
