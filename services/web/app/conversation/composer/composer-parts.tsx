import { MAX_CONTENT_UNITS } from "@fio/contracts/limits";
import { useEffect, useState } from "react";
import { useTranslation } from "../../i18n/context.tsx";
import { COUNT_FROM } from "../../outbox/limits.ts";

/** Before any script runs the button must work: it is disabled only once the page is alive. */
export function SendButton({ disabled, children }: { disabled: boolean; children: React.ReactNode }) {
  const [alive, setAlive] = useState(false);
  useEffect(() => setAlive(true), []);
  return (
    <button className="btn solid send" type="submit" disabled={alive && disabled}>
      {children}
    </button>
  );
}

/** What to say of a text's length near the limit, else `null`. */
export function useCounter(text: string): { over: boolean; hint: React.ReactNode } {
  const { t } = useTranslation();
  const left = MAX_CONTENT_UNITS - text.length;
  if (left >= COUNT_FROM) return { over: false, hint: null };
  const over = left < 0;
  return {
    over,
    hint: (
      <span className={over ? "hint over" : "hint left"} id="left" role="status">
        {t(over ? "composer.over" : "composer.left", { count: Math.abs(left) })}
      </span>
    ),
  };
}
