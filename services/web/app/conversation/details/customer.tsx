import { useCallback, useEffect, useState } from "react";
import { Link } from "@remix-run/react";
import { Copy } from "lucide-react";
import type { ContactRow, ConversationRow } from "@fio/contracts";
import { PREVIEW_UNITS } from "@fio/contracts/limits";
import { useTranslation } from "../../i18n/context.tsx";
import { useWords } from "../../i18n/later.ts";
import { conversationPath, dataPath } from "../../names/paths.ts";
import type { ContactPage } from "../../server/contact-page.server.ts";
import { getJson } from "../../stream/get-json.ts";
import { lineOf } from "../../text/blank.ts";
import { useNow, useTimes } from "../../time/context.tsx";
import { instantOf } from "../../time/times.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Icon } from "../../ui/icons.tsx";
import { CUSTOMER_WORDS } from "./customer-words.ts";

/** The customer's number, and what else they have written: read with the details, and again when the customer changes. */
export function Customer({ id, contact }: { id: string; contact: ContactRow }) {
  const { t } = useTranslation();
  const say = useWords(CUSTOMER_WORDS);
  const { rows, next, failed, load } = useConversationsOf(contact);
  const others = rows?.filter((row) => row.id !== id);
  return (
    <section className="block customer">
      <h3>{say("title")}</h3>
      {contact.phone !== null && (
        <dl className="facts">
          <div>
            <dt>{say("phone")}</dt>
            <dd>
              <CopyButton
                className="copy-id full"
                text={contact.phone}
                label={say("copyPhone")}
                copied={t("convo.copied")}
              >
                <bdi>{contact.phone}</bdi>
                <Icon of={Copy} />
              </CopyButton>
            </dd>
          </div>
        </dl>
      )}
      {others !== undefined && (
        <>
          <h4>{say("others")}</h4>
          {others.length === 0 && next === null ? (
            <p className="none">{say("none")}</p>
          ) : (
            <ul>
              {others.map((row) => (
                <Other key={row.id} row={row} />
              ))}
            </ul>
          )}
        </>
      )}
      {failed && (
        <p role="alert">
          {say("failed")}{" "}
          <button className="btn quiet sm" type="button" onClick={() => void load(null)}>
            {say("retry")}
          </button>
        </p>
      )}
      {!failed && next !== null && (
        <button className="btn quiet sm wide" type="button" onClick={() => void load(next)}>
          {say("more")}
        </button>
      )}
    </section>
  );
}

function Other({ row }: { row: ConversationRow }) {
  const { t } = useTranslation();
  const say = useWords(CUSTOMER_WORDS);
  const times = useTimes();
  const now = useNow();
  return (
    <li>
      <Link to={conversationPath(row.id)}>
        <span>
          {say(row.state === "OPEN" ? "open" : "closed")}{" "}
          <time dateTime={row.activity_at}>{times.relative(instantOf(row.activity_at), now)}</time>
        </span>
        <bdi>{lineOf(row.last_message_preview ?? "", { cutAt: PREVIEW_UNITS }) ?? t("list.none")}</bdi>
      </Link>
    </li>
  );
}

function useConversationsOf({ channel, id, version }: ContactRow) {
  const [page, setPage] = useState<{ rows: readonly ConversationRow[]; next: string | null } | null>(null);
  const [failed, setFailed] = useState(false);
  const load = useCallback(
    async (query: string | null): Promise<void> => {
      const answer = await getJson<ContactPage>(dataPath.contact({ channel, id, page: query }));
      setFailed(answer === null);
      if (answer === null) return;
      const { conversations, next } = answer;
      setPage((known) => ({
        rows: query === null ? conversations : [...(known?.rows ?? []), ...conversations],
        next,
      }));
    },
    [channel, id],
  );
  useEffect(() => void load(null), [load, version]);
  return { rows: page?.rows, next: page?.next ?? null, failed, load };
}
