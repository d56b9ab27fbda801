import { useState } from "react";
import {
  ClipboardList,
  Copy,
  EllipsisVertical,
  FlaskConical,
  Lock,
  PanelRight,
  UserRound,
} from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useTranslation } from "../i18n/context.tsx";
import type { ConversationRow } from "@fio/contracts";
import { command, offers } from "../keys/commands.ts";
import { copyText } from "../ui/copy-button.tsx";
import { useIsPhone } from "../device/use-media.ts";
import { useDetails } from "./details/details-context.tsx";
import { Icon } from "../ui/icons.tsx";
import { toast } from "../ui/toast.ts";

export default function MoreMenuItems({ row, simulate }: { row: ConversationRow; simulate: () => void }) {
  const { t } = useTranslation();
  const details = useDetails();
  const phone = useIsPhone();
  const [open, setOpen] = useState(true);
  return (
    <DropdownMenu.Root open={open} onOpenChange={setOpen}>
      <DropdownMenu.Trigger className="btn icon quiet menu-button" aria-label={t("convo.more")}>
        <Icon of={EllipsisVertical} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="dialog menu"
          aria-label={t("convo.actions")}
          align="end"
          sideOffset={4}
          collisionPadding={8}
        >
          <DropdownMenu.Item
            className="menu-item"
            onSelect={() =>
              void copyText(row.id).then((done) => done && toast(t("convo.copied"), { kind: "note" }))
            }
          >
            <Icon of={Copy} />
            {t("convo.menu.copy")}
          </DropdownMenu.Item>
          <DropdownMenu.Item className="menu-item" onSelect={() => void command("copyConversation")}>
            <Icon of={ClipboardList} />
            {t("copy.conversation")}
          </DropdownMenu.Item>
          {phone && offers("give") && (
            <DropdownMenu.Item className="menu-item" onSelect={() => void command("give")}>
              <Icon of={UserRound} />
              {t("convo.give")}
            </DropdownMenu.Item>
          )}
          {phone && (
            <DropdownMenu.Item className="menu-item" onSelect={details.toggle}>
              <Icon of={PanelRight} />
              {t("convo.details")}
            </DropdownMenu.Item>
          )}
          {row.state === "OPEN" && offers("simulate") && (
            <DropdownMenu.Item className="menu-item" onSelect={simulate}>
              <Icon of={FlaskConical} />
              {t("simulate.start")}
            </DropdownMenu.Item>
          )}
          {phone && row.state === "OPEN" && (
            <>
              <DropdownMenu.Separator className="menu-line" />
              <DropdownMenu.Item className="menu-item" onSelect={() => void command("close")}>
                <Icon of={Lock} />
                {t("convo.close")}
              </DropdownMenu.Item>
            </>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
