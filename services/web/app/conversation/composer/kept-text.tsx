import { useNavigate } from "@remix-run/react";
import { Lock } from "lucide-react";
import { useTranslation } from "../../i18n/context.tsx";
import { draftOf, keepDraft, useDraft } from "../../device/drafts.ts";
import { keepNewContact } from "../../device/new-contact.ts";
import { NEW, PATHS } from "../../names/paths.ts";
import { useRow } from "../../store/context.tsx";
import { isBlank } from "../../text/blank.ts";
import { copyText } from "../../ui/copy-button.tsx";
import { Icon } from "../../ui/icons.tsx";
import { toast } from "../../ui/toast.ts";
import { focusReply } from "./reply-focus.ts";
import { moveToNew } from "./reply-text.ts";

/** Above a field whose conversation takes nothing any more: what happened, and where its text can go. */
export default function KeptText({
  id,
  over,
  refused,
}: {
  id: string;
  over: "closed" | "missing";
  /** How often Enter was pressed since. */
  refused: number;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const contact = useRow(id)?.contact;
  const empty = isBlank(useDraft(id));
  const copy = (): void =>
    void copyText(draftOf(id)).then((done) => done && toast(t("fault.copied"), { kind: "note" }));
  const move = (): void => {
    moveToNew(draftOf(id));
    keepDraft(id, "");
    if (contact !== undefined) keepNewContact(contact);
    navigate(PATHS.begin, { flushSync: true });
    focusReply(NEW);
  };
  return (
    <div className="banner kept" role="alert">
      <Icon of={Lock} />
      {/* Said again at each try. */}
      <p key={refused}>
        <strong>{t(over === "closed" ? "kept.closed" : "kept.missing")}</strong>{" "}
        {t(empty ? "kept.nothing" : refused > 0 ? "kept.refused" : "kept.text")}
      </p>
      {!empty && (
        <p className="kept-acts">
          <button className="btn sm" type="button" onClick={move}>
            {t("rejections.carry")}
          </button>
          <button className="btn sm quiet" type="button" onClick={copy}>
            {t("fault.copy")}
          </button>
          <button className="btn sm quiet" type="button" onClick={() => keepDraft(id, "")}>
            {t("fault.discard")}
          </button>
        </p>
      )}
    </div>
  );
}
