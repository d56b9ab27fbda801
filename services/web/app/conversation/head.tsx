import { Link, useSearchParams } from "@remix-run/react";
import { ArrowLeft, Copy, Lock, PanelRight } from "lucide-react";
import type { ConversationRow } from "@fio/contracts";
import { customerOf } from "../names/customer.ts";
import { ACCOUNT } from "../device/account.ts";
import { usePrinting } from "../device/use-printing.ts";
import { useTranslation } from "../i18n/context.tsx";
import { useCommand } from "../keys/commands.ts";
import { useKeyTitle } from "../keys/key-caps.tsx";
import { listPath } from "../names/paths.ts";
import { useBegun } from "../outbox/use-outbox.ts";
import { filterOf } from "../store/list.ts";
import { useNow, useTimes } from "../time/context.tsx";
import { instantOf } from "../time/times.ts";
import { Avatar, HandleText } from "../ui/avatar.tsx";
import { CopyButton, copyText } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { onDemand } from "../ui/on-demand.tsx";
import { toast } from "../ui/toast.ts";
import { CloseButton } from "./close-button.tsx";
import { useDetails } from "./details/details-context.tsx";
import { MoreMenu } from "./more-menu.tsx";

const Assigning = onDemand(() => import("./assigning/assigning.tsx"));

/** The name follows from the id until its row tells the customer; the rest is known with that. */
export function Head({
  id,
  row,
  held,
  simulate,
}: {
  id: string;
  row: ConversationRow | undefined;
  held: boolean;
  simulate: () => void;
}) {
  const { t } = useTranslation();
  const details = useDetails();
  const title = useKeyTitle();
  const handle = customerOf(id, row?.contact);
  useCommand(
    "copy",
    () => void copyText(id).then((done) => done && toast(t("convo.copied"), { kind: "note" })),
  );
  return (
    <header className="pane-head convo-head">
      <BackLink />
      <Avatar handle={handle} />
      <div className="who">
        <div className="who-name">
          <h1>
            <HandleText handle={handle} />
          </h1>
          <CopyButton
            className="btn icon quiet xs"
            text={id}
            label={t("convo.copyId")}
            title={title(t("convo.copyId"), "copy")}
            copied={t("convo.copied")}
          >
            <Icon of={Copy} />
          </CopyButton>
        </div>
        {row === undefined ? (
          <p aria-hidden="true">
            <span className="sk" style={{ width: 230 }} />
          </p>
        ) : (
          <Facts row={row} />
        )}
      </div>
      {ACCOUNT !== "" && row !== undefined && row.version > 0 && <Assigning row={row} />}
      {row?.state === "OPEN" && !held && <CloseButton id={id} />}
      <Link
        className="btn icon quiet toggle not-phone"
        to="?details"
        role="button"
        aria-label={t("convo.details")}
        aria-pressed={details.docked}
        title={title(t("convo.details"), "details")}
        onClick={(event) => {
          event.preventDefault();
          details.toggle();
        }}
        onKeyDown={(event) => {
          if (event.key !== " ") return;
          event.preventDefault();
          details.toggle();
        }}
      >
        <Icon of={PanelRight} />
      </Link>
      {row !== undefined && !held && <MoreMenu row={row} simulate={simulate} />}
    </header>
  );
}

export function BackLink() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const filter = filterOf(search.get("state"));
  return (
    <Link className="btn icon quiet phone-only" to={listPath({ filter })} aria-label={t("convo.back")}>
      <Icon of={ArrowLeft} />
    </Link>
  );
}

function Facts({ row }: { row: ConversationRow }) {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  const printing = usePrinting();
  const began = instantOf(row.created_at);
  if (row.version === 0) {
    return (
      <p>
        <State row={row} />
      </p>
    );
  }
  const phone = row.contact?.phone ?? null;
  return (
    <p>
      <State row={row} />
      {phone === null ? (
        <>
          <span className="sep long">·</span>
          <span className="long">
            {t("convo.started", { when: printing ? times.full(began) : times.relative(began, now) })}
          </span>
        </>
      ) : (
        <>
          <span className="sep">·</span>
          <bdi>{phone}</bdi>
        </>
      )}
      {row.message_count > 0 && (
        <>
          <span className="sep">·</span>
          <span>{t("convo.messages", { count: row.message_count })}</span>
        </>
      )}
    </p>
  );
}

export function State({ row }: { row: ConversationRow }) {
  const { t } = useTranslation();
  const begun = useBegun(row);
  if (begun !== "begun") return <span>{t(`convo.${begun}`)}</span>;
  if (row.state === "OPEN") return <span className="state open">{t("convo.open")}</span>;
  return (
    <span className="state closed">
      <Icon of={Lock} />
      {t("convo.closed")}
    </span>
  );
}
