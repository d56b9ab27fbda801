import { useEffect } from "react";
import { Link, useNavigate } from "@remix-run/react";
import { ArrowLeft, MessageSquarePlus } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { beginConversation } from "../outbox/send-message.ts";
import { conversationPath, NEW, PATHS } from "../names/paths.ts";
import { draftOf } from "../device/drafts.ts";
import { keepNewContact, newContact, saidOf } from "../device/new-contact.ts";
import { isBlank } from "../text/blank.ts";
import { Icon } from "../ui/icons.tsx";
import { onDemand } from "../ui/on-demand.tsx";
import { LiveState } from "../connection/live-state.tsx";
import { Failed, Offline, useFailed } from "./composer/composer.tsx";
import { ReplyForm } from "./composer/reply-form.tsx";

const ContactPicker = onDemand(() => import("./new/contact-picker.tsx"));

/** A conversation that is not begun: it is with its first message, however often Enter is pressed. */
export function NewPane() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const failed = useFailed();
  useEffect(
    () => () => {
      // Whom nothing is written to is not kept for the next one.
      if (isBlank(draftOf(NEW))) keepNewContact(null);
    },
    [],
  );
  return (
    <main className="pane" id="content">
      <div className="convo">
        <header className="pane-head convo-head">
          <Link className="btn icon quiet phone-only" to={PATHS.home} aria-label={t("convo.back")}>
            <Icon of={ArrowLeft} />
          </Link>
          <div className="who">
            <h1>{t("list.new")}</h1>
            <p>{t("new.hint")}</p>
          </div>
        </header>
        <LiveState className="convo-live" />
        <div className="scroll">
          <div className="blank">
            <Icon of={MessageSquarePlus} className="big" />
            <p>{t("new.empty")}</p>
          </div>
        </div>
        <div className="dock">
          <Offline />
          <Failed of={failed} />
          <ContactPicker meanwhile={<div className="picker" />} />
          <ReplyForm
            id={NEW}
            name=""
            label={t("composer.first")}
            placeholder={t("composer.first")}
            initial={failed?.text ?? ""}
            send={(text) => {
              const contact = newContact();
              const id = beginConversation(text, contact === null ? undefined : saidOf(contact));
              keepNewContact(null);
              navigate(conversationPath(id), { flushSync: true, replace: true });
              return true;
            }}
            simulate={null}
          />
        </div>
      </div>
    </main>
  );
}
