import { Plus } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { KeyCaps, useKeyTitle } from "../keys/key-caps.tsx";
import { NEW, PATHS } from "../names/paths.ts";
import { Icon } from "../ui/icons.tsx";
import { InstantLink } from "../ui/instant-link.tsx";
import { focusReply } from "./composer/reply-focus.ts";

/** Opens the field for a first message; nothing is begun before that is sent. */
export function NewLink({ className }: { className: string }) {
  const { t } = useTranslation();
  const title = useKeyTitle();
  return (
    <InstantLink
      className={className}
      to={PATHS.begin}
      title={title(t("list.new"), "new")}
      opened={() => void focusReply(NEW)}
    >
      <Icon of={Plus} />
      <span>{t("list.new")}</span>
      <KeyCaps of="new" />
    </InstantLink>
  );
}
