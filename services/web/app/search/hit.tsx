import { Link } from "@remix-run/react";
import { ArrowDownLeft, ArrowUpRight, Lock } from "lucide-react";
import type { SearchHit } from "@fio/contracts";
import { customerOf } from "../names/customer.ts";
import { PREVIEW_UNITS } from "@fio/contracts/limits";
import { placeOf } from "@fio/contracts/place";
import { useTranslation } from "../i18n/context.tsx";
import { useWords } from "../i18n/later.ts";
import { conversationPath } from "../names/paths.ts";
import { useIsErased } from "../store/context.tsx";
import { isBlank, lineOf } from "../text/blank.ts";
import { excerptOf } from "../text/excerpt.ts";
import { useNow, useTimes } from "../time/context.tsx";
import { instantOf } from "../time/times.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon } from "../ui/icons.tsx";
import { Marked } from "../ui/marked.tsx";
import { SEARCH_WORDS } from "./search-words.ts";

type MessageHit = SearchHit & { message: NonNullable<SearchHit["message"]> };

/** A conversation that the query names, or a message that holds its words; a link to either. */
export function Hit({ hit, q }: { hit: SearchHit; q: string }) {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  const { message, conversation } = hit;
  const isErased = useIsErased(hit.conversation_id);
  const handle = customerOf(hit.conversation_id, conversation?.contact ?? hit.contact);
  const place = message === null ? conversation?.activity_at : placeOf(message);
  if (isErased) return null;
  return (
    <Link
      className="hit"
      to={conversationPath(hit.conversation_id, message === null ? {} : { message: message.id, q })}
    >
      <Avatar handle={handle} />
      <span className="row-top">
        <span className="handle">
          {message === null ? <Marked text={handle.name} query={q} /> : handle.name}{" "}
          <span className="tail">
            {message === null ? <Marked text={handle.phone ?? handle.tail} query={q} /> : handle.tail}
          </span>
        </span>
        {hit.state === "CLOSED" && (
          <>
            <Icon of={Lock} className="closed-i" />
            <span className="sr">{t("row.closed")}</span>
          </>
        )}
        {place !== undefined && (
          <time dateTime={place} title={message?.timestamp ?? place}>
            {times.relative(instantOf(place), now)}
          </time>
        )}
      </span>
      {message === null ? <Latest hit={hit} /> : <Excerpt hit={{ ...hit, message }} q={q} />}
    </Link>
  );
}

/** One of the older messages of a row. */
export function OlderHit({ hit, q }: { hit: MessageHit; q: string }) {
  const times = useTimes();
  const now = useNow();
  const place = placeOf(hit.message);
  return (
    <Link className="hit older" to={conversationPath(hit.conversation_id, { message: hit.message.id, q })}>
      <Excerpt hit={hit} q={q} />
      <time dateTime={place} title={hit.message.timestamp}>
        {times.relative(instantOf(place), now)}
      </time>
    </Link>
  );
}

function Latest({ hit: { conversation } }: { hit: SearchHit }) {
  const { t } = useTranslation();
  const say = useWords(SEARCH_WORDS);
  if (conversation === undefined || conversation.last_message_preview === null)
    return <span className="hit-text">{say("noMessages")}</span>;
  const line = lineOf(conversation.last_message_preview, { cutAt: PREVIEW_UNITS });
  return (
    <span className="hit-text">
      <Direction of={conversation.last_message_direction} />
      {line === null ? <span className="blank-text">{t("message.blank")}</span> : <bdi>{line}</bdi>}
    </span>
  );
}

/** The message around its first match, with what the store matches marked. */
function Excerpt({ hit: { message }, q }: { hit: MessageHit; q: string }) {
  const { t } = useTranslation();
  return (
    <span className="hit-text">
      <Direction of={message.direction} />
      {isBlank(message.content) ? (
        <span className="blank-text">{t("message.blank")}</span>
      ) : (
        <bdi>
          {excerptOf(message.content, q).map((piece, index) =>
            piece.hit ? <mark key={index}>{piece.text}</mark> : piece.text,
          )}
        </bdi>
      )}
    </span>
  );
}

function Direction({ of }: { of: "RECEIVED" | "SENT" | null }) {
  const { t } = useTranslation();
  if (of === null) return null;
  const received = of === "RECEIVED";
  return (
    <>
      <Icon of={received ? ArrowDownLeft : ArrowUpRight} className={received ? "dir in" : "dir out"} />
      <span className="sr">{t(received ? "row.received" : "row.sent")}</span>
    </>
  );
}
