import { AlertDialog } from "radix-ui";
import { useTranslation } from "../i18n/context.tsx";
import { customerOf } from "../names/customer.ts";
import { useThread } from "../store/context.tsx";
import { Avatar, HandleText } from "../ui/avatar.tsx";

export default function CloseDialog({
  id,
  close,
  confirm,
}: {
  id: string;
  close: () => void;
  confirm: () => void;
}) {
  const { t } = useTranslation();
  const handle = customerOf(id, useThread(id)?.row.contact);
  return (
    <AlertDialog.Root open onOpenChange={(open) => (open ? undefined : close())}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="layer at-end">
          <AlertDialog.Content className="dialog alert">
            <AlertDialog.Title asChild>
              <h2>{t("close.title")}</h2>
            </AlertDialog.Title>
            <p className="alert-of">
              <Avatar handle={handle} small />
              <span>
                <HandleText handle={handle} />
              </span>
            </p>
            <AlertDialog.Description>{t("close.warning")}</AlertDialog.Description>
            <div className="acts end">
              <AlertDialog.Cancel className="btn">{t("close.cancel")}</AlertDialog.Cancel>
              <AlertDialog.Action className="btn solid" onClick={confirm}>
                {t("convo.close")}
              </AlertDialog.Action>
            </div>
          </AlertDialog.Content>
        </AlertDialog.Overlay>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
