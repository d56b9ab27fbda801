import { useEffect, useState } from "react";
import { UserRound } from "lucide-react";
import type { AgentEvent, Author, ConversationRow } from "@fio/contracts";
import { ACCOUNT } from "../../device/account.ts";
import { useTranslation } from "../../i18n/context.tsx";
import { useWords } from "../../i18n/later.ts";
import { useCommand } from "../../keys/commands.ts";
import { useKeyTitle } from "../../keys/key-caps.tsx";
import { openedByKey } from "../../keys/opened-by-key.tsx";
import { browserOutbox } from "../../outbox/browser-outbox.ts";
import { isFault, type Posting } from "../../outbox/entry.ts";
import { postedText } from "../../outbox/posted-text.ts";
import { assignConversation } from "../../outbox/send-message.ts";
import { usePostings } from "../../outbox/use-outbox.ts";
import { useStore } from "../../store/context.tsx";
import { Icon } from "../../ui/icons.tsx";
import { toast } from "../../ui/toast.ts";
import { WORDS } from "./words.ts";

const GiveDialog = openedByKey(() => import("./give-dialog.tsx"));

/** The server knows one's own name, and writes it. */
const ME: Author = { id: ACCOUNT, name: ACCOUNT };

type Assignment = Extract<AgentEvent, { type: "ASSIGN_CONVERSATION" }>;
const isOf =
  (conversation: string) =>
  (posting: Posting): posting is Posting<Assignment> =>
    posting.event.type === "ASSIGN_CONVERSATION" && posting.conversation === conversation;

/** Who has it as this browser shows it: what is on its way counts. */
function holderNow(row: ConversationRow, postings: readonly Posting[]) {
  const posting = postings.findLast(isOf(row.id)) ?? null;
  return { posting, holder: posting === null ? (row.assigned_to ?? null) : posting.event.data.agent };
}

/** Who has a conversation, and the ways to take it, to give it to another and to give it back. */
export default function Assigning({ row }: { row: ConversationRow }) {
  const { t } = useTranslation();
  const say = useWords(WORDS);
  const title = useKeyTitle();
  const [giving, setGiving] = useState(false);
  const store = useStore();
  const { posting, holder } = holderNow(row, usePostings());
  useTellsOfFaults(posting);

  const give = (to: Author | null): void => {
    if (to?.id === holder?.id) return;
    assignConversation(row.id, to);
    const done = to === null ? say("nobody") : say("with", { name: nameOf(to) });
    toast(done, {
      kind: "done",
      id: "assigned",
      action: {
        label: say("undo"),
        run: () => {
          // Not over what somebody else has done meanwhile.
          const { holder: since } = holderNow(store.row(row.id) ?? row, browserOutbox().entries());
          if (since?.id === to?.id) assignConversation(row.id, holder);
          else toast(say("moved"), { kind: "note" });
        },
      },
    });
  };
  const nameOf = ({ id, name }: Author): string => (id === ACCOUNT ? say("you") : name);
  const isMine = holder?.id === ACCOUNT;
  useCommand("take", isMine ? null : () => give(ME));
  useCommand("give", () => setGiving(true));
  useCommand("giveBack", holder === null ? null : () => give(null));

  return (
    <>
      <button
        type="button"
        className={`btn sm not-phone assigning ${posting === null ? "" : "pending"}`}
        title={holder === null ? title(t("convo.take"), "take") : title(t("convo.give"), "give")}
        onClick={() => (holder === null ? give(ME) : setGiving(true))}
      >
        <Icon of={UserRound} />
        <span>{holder === null ? t("convo.take") : say("with", { name: nameOf(holder) })}</span>
      </button>
      {giving && (
        <GiveDialog
          holder={holder}
          give={(to) => {
            setGiving(false);
            give(to);
          }}
          close={() => setGiving(false)}
        />
      )}
    </>
  );
}

/** What could not be sent is said and taken back: the list shows who really has it. */
function useTellsOfFaults(posting: Posting<Assignment> | null): void {
  const { t } = useTranslation();
  const say = useWords(WORDS);
  useEffect(() => {
    if (posting === null || !isFault(posting)) return;
    const { id, code, event } = posting;
    const reason = code === null ? "reason.queue" : postedText({ kind: "invalid", code, fault: undefined });
    browserOutbox().remove(id);
    toast(say("failed", { reason: t(reason) }), {
      kind: "bad",
      action: {
        label: t("error.retry"),
        run: () => assignConversation(event.data.id, event.data.agent),
      },
    });
  }, [posting, t, say]);
}
