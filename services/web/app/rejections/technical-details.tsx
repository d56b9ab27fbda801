import { Copy } from "lucide-react";
import type { Rejection } from "@fio/contracts";
import { useTranslation } from "../i18n/context.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icons.tsx";

/** Of a text that nobody has unfolded as much is written into the page. */
const FOLDED_UNITS = 2_000;

/** What an engineer needs to find the event again, under one line. */
export function TechnicalDetails({
  rejection: { reason, receipt, detail, event },
  open,
  onToggle,
}: {
  rejection: Rejection;
  open: boolean;
  onToggle: () => void;
}) {
  const { t } = useTranslation();
  const text = JSON.stringify(event, null, 2);
  return (
    <details
      className="technical"
      open={open}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open !== open) onToggle();
      }}
    >
      <summary>{t("technical.title")}</summary>
      <div className="raw-in">
        <div>
          <dl className="facts row-facts">
            <div>
              <dt>{t("technical.code")}</dt>
              <dd>
                <code>{reason}</code>
              </dd>
            </div>
            <div>
              <dt>{t("technical.receipt")}</dt>
              <dd>
                <ReceiptOf receipt={receipt} />
              </dd>
            </div>
            {detail !== undefined && (
              <div>
                <dt>{t("technical.detail")}</dt>
                <dd>{detail}</dd>
              </div>
            )}
          </dl>
          <CopyButton
            className="btn sm"
            text={text}
            label={t("technical.copyEvent")}
            copied={t("technical.eventCopied")}
          >
            <Icon of={Copy} />
            {t("technical.copyEvent")}
          </CopyButton>
        </div>
        <pre tabIndex={0} aria-label={t("technical.event")}>
          <code>{open || text.length <= FOLDED_UNITS ? text : `${text.slice(0, FOLDED_UNITS)}…`}</code>
        </pre>
      </div>
    </details>
  );
}

export function ReceiptOf({ receipt }: { receipt: string }) {
  const { t } = useTranslation();
  return (
    <CopyButton
      className="copy-id"
      text={receipt}
      label={t("technical.copyReceipt", { receipt })}
      copied={t("technical.receiptCopied")}
    >
      <code>{receipt}</code>
      <Icon of={Copy} />
    </CopyButton>
  );
}
