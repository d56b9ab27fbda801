import { Link } from "@remix-run/react";
import { ArrowDownLeft, ArrowUpRight, Lock } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import type { SearchHit } from "@fio/contracts";
import { placeOf } from "@fio/contracts/place";
import { handleOf } from "@fio/contracts/handle";
import { conversationPath } from "../names/paths.ts";
import { isBlank } from "../text/blank.ts";
import { excerptOf } from "../text/excerpt.ts";
import { useNow, useTimes } from "../time/context.tsx";
import { instantOf } from "../time/times.ts";
import { Avatar, HandleText } from "../ui/avatar.tsx";
import { Icon } from "../ui/icons.tsx";

/** Search hits, with the words of the query marked. */
export function SearchHits({ hits, q }: { hits: readonly SearchHit[]; q: string }) {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  return (
    <ul className="hits">
      {hits.map((hit) => {
        const handle = handleOf(hit.conversation_id);
        const received = hit.message?.direction === "RECEIVED";
        return (
          <li key={hit.message?.id ?? hit.conversation_id}>
            <Link className="hit" to={conversationPath(hit.conversation_id, { message: hit.message?.id })}>
              <Avatar handle={handle} />
              <span className="row-top">
                <HandleText handle={handle} />
                {hit.state === "CLOSED" && (
                  <>
                    <Icon of={Lock} className="closed-i" />
                    <span className="sr">{t("row.closed")}</span>
                  </>
                )}
                {hit.message !== null && (
                  <time dateTime={placeOf(hit.message)} title={hit.message.timestamp}>
                    {times.relative(instantOf(placeOf(hit.message)), now)}
                  </time>
                )}
              </span>
              {hit.message === null ? (
                <span className="hit-text">{t("search.conversation")}</span>
              ) : (
                <span className="hit-text">
                  <Icon
                    of={received ? ArrowDownLeft : ArrowUpRight}
                    className={received ? "dir in" : "dir out"}
                  />
                  <span className="sr">{t(received ? "row.received" : "row.sent")}</span>
                  {isBlank(hit.message.content) ? (
                    <span className="blank-text">{t("message.blank")}</span>
                  ) : (
                    <bdi>
                      {excerptOf(hit.message.content, q).map((piece, index) =>
                        piece.hit ? <mark key={index}>{piece.text}</mark> : piece.text,
                      )}
                    </bdi>
                  )}
                </span>
              )}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
