import { RotateCcw } from "lucide-react";
import type { MessageState } from "@fio/contracts";
import { useTranslation } from "../../i18n/context.tsx";
import { useWords } from "../../i18n/later.ts";
import { useCommand } from "../../keys/commands.ts";
import { useKeyTitle } from "../../keys/key-caps.tsx";
import { Icon } from "../../ui/icons.tsx";
import { toast } from "../../ui/toast.ts";
import { focusReply } from "../composer/reply-focus.ts";
import { addToDraft } from "../composer/reply-text.ts";
import { NOT_DELIVERED_WORDS } from "./not-delivered-words.ts";
import { stateName } from "./phone-state.tsx";

/** Meta's numbers for which there are plain words. */
const WORDS = {
  "131026": "number",
  "131047": "window",
  "131049": "limited",
  "131048": "tooMany",
  "131056": "tooMany",
  "130429": "tooMany",
  "80007": "tooMany",
  "190": "access",
} as const;
type Known = keyof typeof WORDS;
const KNOWN = Object.keys(WORDS) as Known[];

/** Why a message did not reach the phone, or may not have, and how it is written again: as a new message, once the agent has looked at it. */
export default function NotDelivered({ content, state }: { content: string; state: MessageState }) {
  const { t } = useTranslation();
  const say = useWords(NOT_DELIVERED_WORDS);
  const title = useKeyTitle();
  const name = stateName(state);
  const { detail } = state;
  const known = KNOWN.find((number) => new RegExp(`(^|\\D)${number}(\\D|$)`).test(detail ?? ""));
  const why =
    name === "UNKNOWN"
      ? say("unknown")
      : known !== undefined
        ? say(WORDS[known])
        : detail === undefined
          ? ""
          : say("other", { detail });
  useCommand("writeAgain", clickLast);
  const again = (button: HTMLElement): void => {
    const id = button.closest<HTMLElement>("[data-conversation]")?.dataset["conversation"];
    if (id === undefined) return;
    addToDraft(id, content);
    focusReply(id);
    toast(say("put"), { kind: "note" });
  };
  return (
    <div className="note not-delivered">
      <p>
        <strong>{t(`phone.${name}`)}.</strong> <bdi>{why}</bdi>
      </p>
      <button
        className="btn sm quiet"
        type="button"
        title={title(say("again"), "writeAgain")}
        onClick={({ currentTarget }) => again(currentTarget)}
      >
        <Icon of={RotateCcw} />
        {say("again")}
      </button>
    </div>
  );
}

/** The key means the newest of those that are drawn. */
function clickLast(): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>(".not-delivered button");
  buttons[buttons.length - 1]?.click();
}
