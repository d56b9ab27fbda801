import { useNavigate } from "@remix-run/react";
import { Hash } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "../i18n/context.tsx";
import { idIn } from "../names/id.ts";
import { Icon } from "../ui/icons.tsx";

/** Opens the conversation of an id, at once when one is pasted. */
export function GoTo() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [invalid, setInvalid] = useState(false);
  const open = (text: string, field: HTMLInputElement): boolean => {
    const id = idIn(text);
    if (id === null) return false;
    field.value = "";
    field.blur();
    setInvalid(false);
    navigate(`/conversations/${id}`);
    return true;
  };
  return (
    <form
      className="goto"
      action="/go"
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
      <kbd aria-hidden="true">/</kbd>
      {invalid && (
        <p id="goto-fault" className="goto-fault" role="alert">
          {t("list.goto.invalid")}
        </p>
      )}
    </form>
  );
}
