import { useState } from "react";
import { useActionData } from "@remix-run/react";
import { WifiOff } from "lucide-react";
import { useTranslation } from "../../i18n/context.tsx";
import type { FormAnswer } from "../../outbox/posted-text.ts";
import { sendMessage } from "../../outbox/send-message.ts";
import { useCommand } from "../../keys/commands.ts";
import { useThread } from "../../store/context.tsx";
import { customerOf, isOnWhatsApp } from "../../names/customer.ts";
import { Icon } from "../../ui/icons.tsx";
import { onDemand } from "../../ui/on-demand.tsx";
import { isBlank } from "../../text/blank.ts";
import { useDraft } from "../../device/drafts.ts";
import { useOnline } from "../../device/use-online.ts";
import { FORM, ReplyForm } from "./reply-form.tsx";
import { useAsksFirst } from "./use-asks-first.ts";
import { SimulateForm } from "./simulate-form.tsx";
import { useSimulator } from "./use-simulator.ts";

const KeptText = onDemand(() => import("./kept-text.tsx"));
const WindowLeft = onDemand(() => import("../window/window-left.tsx"));
const AnsweredMeanwhile = onDemand(() => import("./answered-meanwhile.tsx"));

/**
 * The field to answer in or, clearly marked, to write as the customer. It is there before the thread is. `over`: nothing
 * can be written into the conversation; then `instead` takes its place, but never that of what is being written.
 */
export function Composer({
  id,
  first,
  over,
  instead,
  simulates,
  simulating,
  setSimulating,
}: {
  id: string;
  /** Nothing was written in the conversation yet. */
  first: boolean;
  over: "closed" | "missing" | null;
  instead: React.ReactNode;
  /** Where the app lets, the customer can be simulated. */
  simulates: boolean;
  simulating: boolean;
  setSimulating: (on: boolean) => void;
}) {
  const { t } = useTranslation();
  const simulator = useSimulator() && simulates && over === null;
  const [focused, setFocused] = useState(false);
  /** How often something was to be sent that cannot be. */
  const [refused, setRefused] = useState(0);
  const draft = useDraft(id);
  const thread = useThread(id);
  const contact = thread?.row.contact;
  const { asked, asks, back } = useAsksFirst({ id, thread, begun: draft !== "" });
  const { name } = customerOf(id, contact);
  const failed = useFailed();
  useCommand("simulate", simulator ? () => setSimulating(true) : null);
  const hasWindow = over === null && contact !== undefined && isOnWhatsApp(contact);
  const writing = focused || !isBlank(draft);
  if (simulating) return <SimulateForm key="simulate" id={id} stop={() => setSimulating(false)} />;
  if (over !== null && !writing) return instead;
  return (
    <>
      <Offline />
      <Failed of={failed} />
      {over !== null && <KeptText id={id} over={over} refused={refused} />}
      {hasWindow && (
        <WindowLeft contact={contact} thread={thread} meanwhile={<p className="window" id="window" />} />
      )}
      {asked !== null && <AnsweredMeanwhile name={asked.author?.name} form={FORM} back={back} />}
      <ReplyForm
        key={`reply ${id}`}
        id={id}
        name={contact === undefined ? name : contact.name}
        label={t("composer.label", { name })}
        placeholder={t(first ? "composer.first" : "composer.placeholder")}
        initial={failed?.text ?? ""}
        send={(text) => {
          if (over !== null) {
            setRefused((times) => times + 1);
            return false;
          }
          sendMessage({ conversation: id, text, direction: "SENT" });
          return true;
        }}
        describedBy={hasWindow ? "window" : undefined}
        sends={over === null}
        asks={() => over === null && asks()}
        back={asked === null ? null : back}
        simulate={simulator ? () => setSimulating(true) : null}
        focused={setFocused}
      />
    </>
  );
}

/** What was posted without scripts and failed. */
export function useFailed(): FormAnswer | null {
  const answer = useActionData<FormAnswer | null>();
  return answer?.intent === "send" ? answer : null;
}

export function Offline() {
  const { t } = useTranslation();
  if (useOnline()) return null;
  return (
    <p className="banner" role="status">
      <Icon of={WifiOff} />
      <span>
        <strong>{t("composer.offline")}</strong> {t("composer.offline.hint")}
      </span>
    </p>
  );
}

export function Failed({ of }: { of: FormAnswer | null }) {
  const { t } = useTranslation();
  if (of === null) return null;
  return (
    <p className="banner" role="alert">
      <span>
        <strong>{t("state.unsent")}:</strong> {t(of.reason)}
      </span>
    </p>
  );
}
