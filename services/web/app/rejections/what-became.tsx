import { useEffect, useState } from "react";
import type { EventOutcome, Rejection } from "@fio/contracts";
import { useTranslation } from "../i18n/context.tsx";
import { Applied, Ended } from "./ended.tsx";

/**
 * Where a refusal that is no longer listed went: into its conversation, or it is a repeat of another, or it is now
 * final.
 */
export function WhatBecame({ rejection, focus }: { rejection: Rejection; focus: boolean }) {
  const { t } = useTranslation();
  const became = useOutcome(rejection);
  if (became === "applied") return <Applied focus={focus} />;
  return <Ended focus={focus} className="sub" text={became === null ? "" : t("rejections.left")} />;
}

/** `null` until it is known. */
function useOutcome({ receipt, event }: Rejection): "applied" | "other" | null {
  const [became, setBecame] = useState<"applied" | "other" | null>(null);
  const path = `/data/events/${event.type}/${event.data["id"] ?? ""}`;
  useEffect(() => {
    let wanted = true;
    void fetch(path)
      .then(async (answer) => (answer.ok ? ((await answer.json()) as EventOutcome | null) : null))
      .catch(() => null)
      .then((told) => {
        // Another event under the same id may be the one that was applied.
        const applied = told?.outcome === "applied" && told.receipt === receipt;
        if (wanted) setBecame(applied ? "applied" : "other");
      });
    return () => {
      wanted = false;
    };
  }, [path, receipt]);
  return became;
}
