import { useEffect, useState } from "react";
import type { PresenceBody, PresentAgent } from "@fio/contracts";
import { PRESENCE_RENEWED_SECONDS } from "@fio/contracts/limits";
import { ACCOUNT } from "../../device/account.ts";
import { draftOf, onDraft } from "../../device/drafts.ts";
import { randomId } from "../../names/id.ts";
import { dataPath } from "../../names/paths.ts";
import { onPresence } from "../../store/browser-feed.ts";
import { isBlank } from "../../text/blank.ts";
import { othersOf, stillThere, type Present } from "./present.ts";

const RENEW_MS = PRESENCE_RENEWED_SECONDS * 1_000;
/** Whoever has not typed for so long only looks. */
const STILL_WRITING_MS = 8_000;
const LIMIT_MS = 8_000;

const TAB = randomId();

/** Says that this tab has the conversation before it as long as that is seen, and whether it is written in; hears of others. */
export function usePresent(id: string): readonly Present[] {
  const [present, setPresent] = useState<readonly Present[]>([]);
  useEffect(() => {
    if (ACCOUNT === "") return;
    let typedAt = -Infinity;
    let said: PresenceBody["doing"] = "left";
    /** Of two words the later's answer counts. */
    let words = 0;
    const hear = (agents: readonly PresentAgent[]): void =>
      setPresent(othersOf(agents, { own: ACCOUNT, now: Date.now() }));

    const doing = (): PresenceBody["doing"] => {
      if (document.visibilityState !== "visible") return "left";
      return Date.now() - typedAt < STILL_WRITING_MS && !isBlank(draftOf(id)) ? "writing" : "looking";
    };
    const say = (word: PresenceBody["doing"]): void => {
      said = word;
      const own = (words += 1);
      void fetch(dataPath.presence(id), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ tab: TAB, doing: word } satisfies PresenceBody),
        // It is said though the page goes.
        keepalive: word === "left",
        signal: AbortSignal.timeout(LIMIT_MS),
      })
        .then((answer) => (answer.ok ? (answer.json() as Promise<PresentAgent[] | null>) : null))
        .then((agents) => agents !== null && own === words && hear(agents))
        // Who is there by then is told with the next word.
        .catch(() => {});
    };
    const look = (): void => {
      const word = doing();
      if (word !== said) say(word);
      setPresent((known) => {
        const left = stillThere(known, Date.now());
        return left.length === known.length ? known : left;
      });
    };
    const leave = (): void => {
      if (said !== "left") say("left");
    };

    look();
    const timers = [
      setInterval(look, 1_000),
      setInterval(() => doing() !== "left" && say(doing()), RENEW_MS),
    ];
    const stops = [
      onPresence((frame) => frame.conversation_id === id && hear(frame.agents)),
      onDraft(id, () => {
        typedAt = Date.now();
        look();
      }),
    ];
    document.addEventListener("visibilitychange", look);
    addEventListener("pagehide", leave);
    return () => {
      timers.forEach(clearInterval);
      stops.forEach((stop) => stop());
      document.removeEventListener("visibilitychange", look);
      removeEventListener("pagehide", leave);
      leave();
      words += 1;
      setPresent([]);
    };
  }, [id]);
  return present;
}
