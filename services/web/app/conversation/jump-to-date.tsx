import { useRef } from "react";
import { CalendarDays } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { Icon } from "../ui/icons.tsx";
import { goToTime } from "./scroll/use-travel.ts";

/** The beginning of a day of the reader's, `2025-02-21`, as a timestamp. */
const beginningOf = (day: string): string | null => {
  const instant = new Date(`${day}T00:00:00`);
  return Number.isNaN(instant.getTime()) ? null : instant.toISOString().replace("Z", "000Z");
};

/** Goes to the first message of a day, or after it, that one chooses in the browser's own calendar. */
export function JumpToDate() {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const open = (): void => {
    try {
      field.current?.showPicker();
    } catch {
      field.current?.focus();
    }
  };
  return (
    <span className="jump">
      <button
        type="button"
        className="btn icon quiet xs"
        aria-label={t("thread.jump")}
        title={t("thread.jump")}
        onClick={open}
      >
        <Icon of={CalendarDays} />
      </button>
      <input
        ref={field}
        type="date"
        tabIndex={-1}
        aria-hidden="true"
        onChange={({ target }) => {
          const from = beginningOf(target.value);
          target.value = "";
          if (from !== null) goToTime(from);
        }}
      />
    </span>
  );
}
