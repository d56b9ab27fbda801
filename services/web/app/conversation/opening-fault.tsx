import { useEffect, useState } from "react";
import { Link } from "@remix-run/react";
import { Copy, RefreshCw, TriangleAlert, WifiOff } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { NoConversation } from "./no-conversation.tsx";
import { OnTheirWay } from "./message/on-their-way.tsx";
import { RETRY_SECONDS, type Opening } from "./use-opening.ts";

/** Why there are no messages, and that they are asked for again. The field below it stays. */
export function OpeningFault({
  id,
  opening,
  retry,
}: {
  id: string;
  opening: Exclude<Opening, "loading" | "found">;
  retry: () => void;
}) {
  const { t } = useTranslation();
  if (opening === "missing" || opening === "erased") {
    return (
      <div className="scroll">
        <NoConversation id={id} erased={opening === "erased"} />
      </div>
    );
  }
  const offline = opening === "offline";
  return (
    <div className="scroll">
      <div className="blank" role="alert">
        <Icon of={offline ? WifiOff : TriangleAlert} className={offline ? "big" : "big danger"} />
        <h2>{t(offline ? "error.offline" : "error.conversation")}</h2>
        <p>{t(offline ? "error.offline.hint" : "error.store")}</p>
        <div className="acts">
          <Link
            className="btn solid"
            to="."
            reloadDocument
            onClick={(event) => {
              event.preventDefault();
              retry();
            }}
          >
            <Icon of={RefreshCw} />
            {t("error.retry")}
          </Link>
          {!offline && (
            <CopyButton
              className="btn quiet"
              text={`503 GET /conversations/${id}`}
              label={t("error.copy")}
              copied={t("error.copied")}
            >
              <Icon of={Copy} />
              {t("error.copy")}
            </CopyButton>
          )}
        </div>
        <Next />
      </div>
      <OnTheirWay id={id} />
    </div>
  );
}

/** Counts the seconds down to the next try. */
function Next() {
  const { t } = useTranslation();
  const [left, setLeft] = useState(RETRY_SECONDS);
  useEffect(() => {
    const timer = setTimeout(() => setLeft((seconds) => (seconds <= 1 ? RETRY_SECONDS : seconds - 1)), 1_000);
    return () => clearTimeout(timer);
  }, [left]);
  return (
    <p className="fine" aria-live="off">
      {t("error.next", { seconds: left })}
    </p>
  );
}
