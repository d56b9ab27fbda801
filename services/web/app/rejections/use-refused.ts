import { useEffect, useSyncExternalStore } from "react";
import type { Rejection } from "@fio/contracts";
import { onRejection, onReset } from "../store/browser-feed.ts";
import { fetchRejections } from "./fetch-rejections.ts";
import { afterPaint } from "../ui/after-paint.ts";
import { createRefused } from "./refused-of.ts";

const refused = createRefused();
const asking = new Map<string, Promise<void>>();
let hears = false;

/** Once, however many parts of the page show it. */
function read(conversation: string): Promise<void> {
  const before = asking.get(conversation);
  if (before !== undefined) return before;
  const asked = refused.ask();
  const reading = fetchRejections(new URLSearchParams({ show: "all", conversation }).toString()).then(
    (page) => {
      asking.delete(conversation);
      if (page !== null) refused.answer(conversation, page.rejections, asked);
    },
  );
  asking.set(conversation, reading);
  return reading;
}

/**
 * The messages that a conversation left out, oldest first, with what was done about them: read once, then told by the
 * stream. `loaded`: what the page brought, if it did.
 */
export function useRefused(
  conversation: string,
  loaded: readonly Rejection[] | null = null,
): readonly Rejection[] {
  useEffect(() => {
    if (!hears) onRejection(refused.hear);
    hears = true;
    // The messages come first.
    const cancel = loaded === null ? afterPaint(() => void read(conversation)) : null;
    if (loaded !== null) refused.answer(conversation, loaded, refused.ask());
    const stop = onReset(() => void read(conversation));
    return () => {
      cancel?.();
      stop();
    };
  }, [conversation, loaded]);
  const shown = useSyncExternalStore(
    refused.subscribe,
    () => refused.list(conversation),
    () => NONE,
  );
  return shown.length === 0 && loaded !== null && !hears ? loaded : shown;
}

/** The same as far as another part of the page has read it. */
export const useKnownRefused = (conversation: string): readonly Rejection[] =>
  useSyncExternalStore(
    refused.subscribe,
    () => refused.list(conversation),
    () => NONE,
  );

const NONE: readonly Rejection[] = [];
