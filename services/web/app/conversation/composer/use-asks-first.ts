import { useEffect, useState } from "react";
import type { Message } from "@fio/contracts";
import { ACCOUNT } from "../../device/account.ts";
import { beginDraft, draftBegan } from "../../device/drafts.ts";
import type { Thread } from "../../store/thread.ts";
import { answeredSince, newestReceipt } from "./answered-since.ts";
import { focusReply } from "./reply-focus.ts";

/**
 * Asks before an answer is sent where somebody else has answered since it was begun: once for each such answer, in whichever tab.
 * Without accounts nobody can tell whose an answer is, and nothing is asked.
 */
export function useAsksFirst({
  id,
  thread,
  begun,
}: {
  id: string;
  thread: Thread | undefined;
  begun: boolean;
}): { asked: Message | null; asks: () => boolean; back: () => void } {
  const [asked, setAsked] = useState<Message | null>(null);
  const known = thread !== undefined;
  useEffect(() => {
    if (!begun) setAsked(null);
    // Another tab may have begun it, or asked.
    else if (thread !== undefined && draftBegan(id) === "") beginDraft(id, newestReceipt(thread));
    // What comes later is what is asked about.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id, begun, known]);
  return {
    asked: begun ? asked : null,
    asks: () => {
      const since = draftBegan(id);
      if (ACCOUNT === "" || thread === undefined || since === "") return false;
      const answer = answeredSince(thread, { since, own: ACCOUNT });
      if (answer === undefined) return false;
      beginDraft(id, newestReceipt(thread));
      setAsked(answer);
      return true;
    },
    back: () => {
      setAsked(null);
      focusReply(id);
    },
  };
}
