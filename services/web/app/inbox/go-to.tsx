import { useNavigate } from "@remix-run/react";
import { Hash } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "../i18n/context.tsx";
import { useCommand } from "../keys/commands.ts";
import { KeyCaps } from "../keys/key-caps.tsx";
import { idIn } from "../names/id.ts";
import { conversationPath, PATHS } from "../names/paths.ts";
import { Icon } from "../ui/icons.tsx";

/** Opens the conversation of an id, at once when one is pasted. */
export function GoTo() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const [invalid, setInvalid] = useState(false);
  useCommand("goto", () => field.current?.focus());
  const open = (text: string, field: HTMLInputElement): boolean => {
    const id = idIn(text);
    if (id === null) return false;
    field.value = "";
    field.blur();
    setInvalid(false);
    navigate(conversationPath(id));
    return true;
  };
  return (
    <form
      className="goto"
      action={PATHS.go}
      method="get"
      onSubmit={(event) => {
        event.preventDefault();
        const field = event.currentTarget.elements.namedItem("id") as HTMLInputElement;
        if (!open(field.value, field)) setInvalid(field.value.trim() !== "");
      }}
    >
      <label className="sr" htmlFor="goto">
        {t("list.goto.label")}
      </label>
      <Icon of={Hash} />
      <input
        ref={field}
        id="goto"
        name="id"
        placeholder={t("list.goto")}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={invalid}
        aria-describedby={invalid ? "goto-fault" : undefined}
        onChange={() => setInvalid(false)}
        onPaste={(event) => {
          if (open(event.clipboardData.getData("text"), event.currentTarget)) event.preventDefault();
        }}
      />
      <span aria-hidden="true">
        <KeyCaps of="goto" />
      </span>
      {invalid && (
        <p id="goto-fault" className="goto-fault" role="alert">
          {t("list.goto.invalid")}
        </p>
      )}
    </form>
  );
}
