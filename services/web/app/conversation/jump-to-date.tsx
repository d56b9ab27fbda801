import { useState, type MouseEvent } from "react";
import { CalendarDays } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { useCommand } from "../keys/commands.ts";
import { useKeyTitle } from "../keys/key-caps.tsx";
import { openedByKey } from "../keys/opened-by-key.tsx";
import { Icon } from "../ui/icons.tsx";
import type { Jump } from "./jump-dialog.tsx";

const JumpDialog = openedByKey(() => import("./jump-dialog.tsx"));

/** Asks for a date of the open conversation. */
export function useJump(): { jump: (by: Jump) => void; dialog: React.ReactNode } {
  const [asked, setAsked] = useState<Jump | null>(null);
  useCommand("jump", () => setAsked("keys"));
  return {
    jump: setAsked,
    dialog: asked !== null && <JumpDialog by={asked} close={() => setAsked(null)} />,
  };
}

/** Stands beside each day of a thread. */
export function JumpButton({ jump }: { jump: (by: Jump) => void }) {
  const { t } = useTranslation();
  const title = useKeyTitle();
  return (
    <span className="jump">
      <button
        type="button"
        className="btn icon quiet xs"
        aria-label={t("thread.jump")}
        title={title(t("thread.jump"), "jump")}
        // A click that is no click of a pointer has no number.
        onClick={({ detail }: MouseEvent) => jump(detail === 0 ? "keys" : "pointer")}
      >
        <Icon of={CalendarDays} />
      </button>
    </span>
  );
}
