import { useState } from "react";
import { Copy } from "lucide-react";
import type { Rejection } from "@fio/contracts";
import { useTranslation } from "../../i18n/context.tsx";
import { CarriedFrom } from "../../rejections/carried-from.tsx";
import type { DetailsData } from "../../server/details.server.ts";
import type { Thread } from "../../store/thread.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Customer } from "./customer.tsx";
import { Fact } from "./fact.tsx";
import { RefusedMessages } from "./refused-messages.tsx";
import { Timeline } from "./timeline.tsx";
import { useHistory } from "./use-history.ts";

/** Where messages came from and which were left out; and folded, what an engineer asks for. */
export default function DetailsBelow({
  thread,
  rejections,
  loaded,
}: {
  thread: Thread;
  rejections: readonly Rejection[];
  loaded: DetailsData | undefined;
}) {
  return (
    <>
      {thread.row.contact !== undefined && <Customer id={thread.id} contact={thread.row.contact} />}
      <CarriedFrom id={thread.id} />
      <RefusedMessages rejections={rejections} />
      <Technical thread={thread} loaded={loaded} />
    </>
  );
}

/** Ids, microseconds and receipts; the history is read when somebody looks. */
function Technical({ thread: { row }, loaded }: { thread: Thread; loaded: DetailsData | undefined }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  // The server has none of what it does not know.
  const known = row.version > 0;
  const wanted = open && known;
  const history = useHistory({ id: row.id, loaded, version: row.version, wanted });
  return (
    <details className="technical block" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t("technical.title")}</summary>
      <dl className="facts">
        <div className="id-fact">
          <dt>{t("details.id")}</dt>
          <dd>
            <CopyButton
              className="copy-id full"
              text={row.id}
              label={t("details.copyFull")}
              copied={t("convo.copied")}
            >
              <code>{row.id}</code>
              <Icon of={Copy} />
            </CopyButton>
          </dd>
        </div>
        {known && (
          <Fact name="details.started">
            <code>{row.created_at}</code>
          </Fact>
        )}
        {row.closed_at !== null && (
          <Fact name="details.closed">
            <code>{row.closed_at}</code>
          </Fact>
        )}
      </dl>
      <Timeline history={history} conversation={row.id} />
    </details>
  );
}
