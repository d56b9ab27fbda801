import { useNavigate } from "@remix-run/react";
import { Hash } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "../i18n/context.tsx";
import { useCommand } from "../keys/commands.ts";
import { KeyCaps } from "../keys/key-caps.tsx";
import { idIn } from "../names/id.ts";
import { conversationPath, PATHS, withQuery } from "../names/paths.ts";
import { Icon } from "../ui/icons.tsx";

/** Opens a conversation by its name, its tail or the beginning of its id; by a whole id at once when one is pasted. */
export function GoTo() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  useCommand("goto", () => field.current?.focus());
  const go = (path: string): void => {
    if (field.current !== null) field.current.value = "";
    field.current?.blur();
    navigate(path);
  };
  const open = (text: string): boolean => {
    const id = idIn(text);
    if (id !== null) go(conversationPath(id));
    return id !== null;
  };
  return (
    <form
      className="goto"
      action={PATHS.go}
      method="get"
      onSubmit={(event) => {
        event.preventDefault();
        const text = field.current?.value.trim() ?? "";
        if (text !== "" && !open(text)) go(withQuery(PATHS.go, { id: text }));
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
        onPaste={(event) => {
          if (open(event.clipboardData.getData("text"))) event.preventDefault();
        }}
      />
      <span aria-hidden="true">
        <KeyCaps of="goto" />
      </span>
    </form>
  );
}
