import { useLayoutEffect, useRef } from "react";
import { Dialog } from "radix-ui";
import { useTranslation } from "../i18n/context.tsx";
import { useWords, type LaterWords } from "../i18n/later.ts";
import { goToTime } from "./scroll/use-travel.ts";

/** How a date is asked for: by keys in the field, by the pointer in the browser's own calendar. */
export type Jump = "keys" | "pointer";

const pt = { date: "Data", go: "Ir", cancel: "Cancelar" } as const;
const en: Record<keyof typeof pt, string> = { date: "Date", go: "Go", cancel: "Cancel" };
const WORDS: LaterWords<typeof pt> = { "pt-BR": pt, en };

/** The beginning of a day of the reader's, `2025-02-21`, as a timestamp. */
const beginningOf = (day: string): string | null => {
  const instant = new Date(`${day}T00:00:00`);
  return Number.isNaN(instant.getTime()) ? null : instant.toISOString().replace("Z", "000Z");
};

/** Goes to the first message of a day, or after it. */
export default function JumpDialog({ by, close }: { by: Jump; close: () => void }) {
  const { t } = useTranslation();
  const say = useWords(WORDS);
  const field = useRef<HTMLInputElement>(null);
  // A date that is typed is whole in between, too, in a year of few digits: then Enter says that it is meant.
  const typed = useRef(false);
  const go = (): void => {
    const from = beginningOf(field.current?.value ?? "");
    if (from === null) return;
    close();
    goToTime(from);
  };
  useLayoutEffect(() => {
    if (by !== "pointer") return;
    try {
      field.current?.showPicker();
    } catch {
      // Some browsers have none, or show it only while the click lasts: the field stays.
    }
  }, [by]);
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : close())}>
      <Dialog.Portal>
        <Dialog.Overlay className="layer at-end">
          <Dialog.Content className="dialog alert" aria-describedby={undefined}>
            <Dialog.Title asChild>
              <h2>{t("thread.jump")}</h2>
            </Dialog.Title>
            <form
              className="jump-form"
              onSubmit={(event) => {
                event.preventDefault();
                go();
              }}
            >
              <label>
                {say("date")}
                <input
                  ref={field}
                  type="date"
                  required
                  onKeyDown={() => (typed.current = true)}
                  onChange={() => !typed.current && go()}
                />
              </label>
              <div className="acts end">
                <Dialog.Close className="btn">{say("cancel")}</Dialog.Close>
                <button className="btn solid">{say("go")}</button>
              </div>
            </form>
          </Dialog.Content>
        </Dialog.Overlay>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
