import type { Conversation, ConversationRow, Rejection } from "@fio/contracts";
import { PREVIEW_UNITS } from "@fio/contracts/limits";
import { chime } from "../device/chime.ts";
import { createClaims } from "../device/claims.ts";
import { offerOnce } from "../device/offer.ts";
import { setting } from "../device/settings.ts";
import { customerOf } from "../names/customer.ts";
import { conversationPath, dataPath } from "../names/paths.ts";
import { randomId } from "../names/id.ts";
import { getJson } from "../stream/get-json.ts";
import { isLate } from "../store/list.ts";
import { lineOf } from "../text/blank.ts";
import type { T } from "../i18n/i18n.ts";

const claim = createClaims({
  memory: localStorage,
  tab: randomId(),
  rest: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
});

/** The agent has clicked, and waits. */
const SOON = { withinMs: 3_000 };

type Call = {
  row: ConversationRow;
  t: T;
  navigate: (path: string) => void;
  /** The conversation that this tab shows. */
  open: string | null;
};

/** Tells of a customer's message, from one of the browser's tabs; from none when the agent looks at it. */
export async function callAgent({ row, t, navigate, open }: Call): Promise<void> {
  const isVisible = document.visibilityState === "visible";
  const isLookedAt = isVisible && document.hasFocus();
  const claimed = await claim(`${row.id} ${row.last_received_receipt}`, {
    delayMs: isLookedAt ? 0 : isVisible ? 60 : 150,
  });
  if (!claimed || (isLookedAt && open === row.id)) return;
  if (!isLookedAt) offerOnce();
  if (setting("sound")) chime();
  if (!isLookedAt && setting("notify")) notify({ row, t, navigate, open });
}

function notify({ row, t, navigate }: Call): void {
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const { name, tail } = customerOf(row.id, row.contact);
  const words = isLate(row)
    ? t("row.late")
    : (lineOf(row.last_message_preview ?? "", { cutAt: PREVIEW_UNITS }) ?? t("message.blank"));
  const notice = new Notification(`${name} ${tail}`, { body: words, tag: row.id, icon: "/icon.svg" });
  notice.onclick = () => {
    window.focus();
    notice.close();
    void messageOf(row).then((message) =>
      navigate(conversationPath(row.id, { message: message ?? undefined })),
    );
  };
}

/** The message that a notice is about; `null` when it cannot be found: the conversation opens at its end. */
async function messageOf(row: ConversationRow): Promise<string | null> {
  const receipt = row.last_received_receipt;
  const page = isLate(row)
    ? null
    : await getJson<{ conversation: Conversation }>(dataPath.messages(row.id), SOON);
  const message = page?.conversation.messages.find((each) => each.receipt === receipt);
  if (message !== undefined) return message.id;
  const refused = await getJson<{ rejections: Rejection[] }>(
    dataPath.rejections(`show=all&conversation=${row.id}`),
    SOON,
  );
  const late = refused?.rejections.find((each) => each.receipt === receipt);
  return late === undefined ? null : String(late.event.data["id"]);
}
