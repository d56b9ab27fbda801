import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from "react";
import { NotepadText } from "lucide-react";
import { useTranslation } from "../../i18n/context.tsx";
import { command } from "../../keys/commands.ts";
import { openedByKey } from "../../keys/opened-by-key.tsx";
import { calls } from "../../keys/strokes.ts";
import { Icon } from "../../ui/icons.tsx";
import { insertText } from "../../ui/insert-text.ts";
import { gapFrom } from "./gaps.ts";
import type { ReadyKeys } from "./ready-keys.ts";

const ReadyList = openedByKey(() => import("./ready-list.tsx"), { letters: "field" });

/**
 * Ready answers in a field: `/` as its first letter opens their list above it. What they leave open are gaps that Tab
 * goes to, and that are never sent. Everything but the hook is loaded with the first `/`.
 */
export function useReady({
  field,
  text,
  name,
}: {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  /** What the customer is shown as. */
  /** The customer's; `null` where it is not known. */
  name: string | null;
}): {
  /** To be asked before the field does anything with a key: true when it was for the ready answers. */
  takes: (event: KeyboardEvent) => boolean;
  /** True when something is still to be written, which then is selected and said. */
  isOpenAt: () => boolean;
  above: ReactNode;
  /** What a finger types `/` with, in an empty field. */
  button: ReactNode;
} {
  const { t } = useTranslation();
  const [listed, setListed] = useState(false);
  const [missing, setMissing] = useState<string | null>(null);
  const list = useRef<ReadyKeys | null>(null);
  /** What is chosen is sent at once, and the next conversation opened. */
  const sends = useRef(false);

  const before = useRef(text);
  // Before the next key: an Enter right after the slash would send it.
  useLayoutEffect(() => {
    if (!before.current.startsWith("/") && text === "/" && document.activeElement === field.current)
      setListed(true);
    else if (!text.startsWith("/") || text.includes("\n")) setListed(false);
    before.current = text;
  }, [text, field]);
  useEffect(() => {
    if (listed) sends.current = false;
  }, [listed]);

  const goTo = useCallback(
    (from: number): string | null => {
      const gap = gapFrom(field.current?.value ?? "", from);
      if (gap === null) return null;
      field.current?.focus();
      field.current?.setSelectionRange(gap.from, gap.to);
      return gap.name;
    },
    [field],
  );

  return {
    takes: (event) => {
      const sendsToo = listed && calls(event, "sendAndNext");
      if (!sendsToo && (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey)) return false;
      if (listed) {
        sends.current = sendsToo;
        const taken = list.current?.(event.key) ?? false;
        if (event.key === "Escape") setListed(false);
        if (!taken && event.key !== "Escape") return false;
      } else if (event.key !== "Tab" || goTo(field.current?.selectionEnd ?? 0) === null) return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
    isOpenAt: () => {
      const open = listed ? null : goTo(0);
      setMissing(open);
      return open !== null;
    },
    button: (text === "" || listed) && (
      <button
        type="button"
        className="btn icon sm quiet ready-open"
        aria-label={t("composer.ready.manage")}
        aria-expanded={listed}
        title={t("composer.ready.manage")}
        // The list closes when the field loses the focus.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => {
          const element = field.current;
          if (element === null) return;
          element.focus();
          insertText(element, listed ? "" : "/", { from: 0, to: element.value.length });
        }}
      >
        <Icon of={NotepadText} />
      </button>
    ),
    above: (
      <>
        {listed && (
          <ReadyList
            query={text.slice(1)}
            {...{ field, name }}
            keys={list}
            isReady={() => list.current !== null}
            close={() => setListed(false)}
            manage={() => void command("manageReady")}
            placed={() => {
              if (goTo(0) === null) field.current?.setSelectionRange(1e9, 1e9);
              if (sends.current) command("sendAndNext");
              sends.current = false;
            }}
          />
        )}
        {missing !== null && text.includes(missing) && (
          <p className="banner" role="alert">
            {t("composer.gap", { name: missing })}
          </p>
        )}
      </>
    ),
  };
}
