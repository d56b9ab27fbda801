import { Plus } from "lucide-react";
import { keepNewContact, type NewContact } from "../device/new-contact.ts";
import { useTranslation } from "../i18n/context.tsx";
import { KeyCaps, useKeyTitle } from "../keys/key-caps.tsx";
import { NEW, PATHS } from "../names/paths.ts";
import { Icon } from "../ui/icons.tsx";
import { InstantLink } from "../ui/instant-link.tsx";
import { focusReply } from "./composer/reply-focus.ts";

/** Opens the field for a first message, to `contact` if one is given; nothing is begun before that is sent. */
export function NewLink({ className, contact }: { className: string; contact?: NewContact | undefined }) {
  const { t } = useTranslation();
  const title = useKeyTitle();
  return (
    <InstantLink
      className={className}
      to={PATHS.begin}
      title={title(t("list.new"), "new")}
      opened={() => {
        if (contact !== undefined) keepNewContact(contact);
        focusReply(NEW);
      }}
    >
      <Icon of={Plus} />
      <span>{t("list.new")}</span>
      <KeyCaps of="new" />
    </InstantLink>
  );
}
