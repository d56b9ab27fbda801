import { useEffect, useState } from "react";
import type { Rejection } from "@fio/contracts";
import { useTranslation } from "../i18n/context.tsx";
import { DoneIcon } from "../ui/icons.tsx";
import { fetchBecame, type Became } from "./fetch-rejections.ts";
import { useProgress } from "./see-to.ts";
import { WaysOn } from "./ways-on.tsx";

/**
 * Where one went that is no longer listed: into its conversation, an agent saw to it, or it only repeated another. Still
 * on screen because a reader is using it.
 */
export function WhatBecame({ rejection }: { rejection: Rejection }) {
  const { t } = useTranslation();
  const own = useProgress(rejection.receipt);
  const became = useBecame(rejection);
  if (own?.kind === "done" && own.acted.kind !== "accepted") return <WaysOn rejection={rejection} />;
  if (became === null) return null;
  if (became.rejection !== null) return <WaysOn rejection={became.rejection} />;
  return became.applied ? (
    <span className="done">
      <DoneIcon className="tick applied" />
      {t("event.applied")}
    </span>
  ) : (
    <span className="sub">{t("rejections.left")}</span>
  );
}

/** `null` until it is known. */
function useBecame(rejection: Rejection): Became | null {
  const [became, setBecame] = useState<Became | null>(null);
  useEffect(() => {
    let wanted = true;
    void fetchBecame(rejection).then((told) => {
      if (wanted) setBecame(told);
    });
    return () => {
      wanted = false;
    };
  }, [rejection]);
  return became;
}
