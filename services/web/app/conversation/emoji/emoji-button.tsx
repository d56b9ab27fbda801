import { useState, type RefObject } from "react";
import { Smile } from "lucide-react";
import { useTranslation } from "../../i18n/context.tsx";
import { useCommand } from "../../keys/commands.ts";
import { useKeyTitle } from "../../keys/key-caps.tsx";
import { openedByKey } from "../../keys/opened-by-key.tsx";
import { Icon } from "../../ui/icons.tsx";

const EmojiPanel = openedByKey(() => import("./emoji-panel.tsx"), { ahead: false });

/** Opens the emoji for a field. Nothing but this button is loaded before. */
export function EmojiButton({ field }: { field: RefObject<HTMLTextAreaElement | null> }) {
  const { t } = useTranslation();
  const title = useKeyTitle();
  const [open, setOpen] = useState(false);
  useCommand("emoji", () => setOpen(true));
  return (
    <span className="emoji">
      <button
        type="button"
        className="btn icon sm quiet"
        aria-label={t("composer.emoji")}
        aria-expanded={open}
        title={title(t("composer.emoji"), "emoji")}
        // The panel closes when it loses the focus: a press here must not open it again.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => setOpen(!open)}
      >
        <Icon of={Smile} />
      </button>
      {open && <EmojiPanel field={field} close={() => setOpen(false)} />}
    </span>
  );
}
