import { useCallback, useEffect, useState } from "react";
import { useRouteLoaderData } from "@remix-run/react";
import { useWords } from "../../i18n/later.ts";
import { dataPath } from "../../names/paths.ts";
import { countText, type Counted } from "../../store/list.ts";
import { usePacedReads } from "../../store/use-paced-reads.ts";
import { getJson } from "../../stream/get-json.ts";
import { onFailedChanged } from "./on-failed-changed.ts";
import { UNDELIVERED_WORDS } from "./words.ts";

const REST_MS = 2_000;
const NONE: Counted = { count: 0, more: false };

/** How many answers did not go out; nothing where all did. */
export function LiveFailedCount() {
  const say = useWords(UNDELIVERED_WORDS);
  const shell = useRouteLoaderData<{ failed: Counted | null }>("routes/_shell");
  const [known, setKnown] = useState({ of: shell, count: shell?.failed ?? NONE });
  const read = useCallback(async (): Promise<boolean> => {
    const count = await getJson<Counted>(`${dataPath.deliveries}?count`);
    if (count !== null) setKnown({ of: shell, count });
    return count !== null;
  }, [shell]);
  // Its code comes a while after the page.
  useEffect(() => void read(), [read]);
  usePacedReads({ read, restMs: REST_MS, listen: onFailedChanged });
  // The latest request counts.
  const counted = known.of === shell ? known.count : (shell?.failed ?? NONE);
  const text = countText(counted);
  if (text === "") return null;
  return (
    <b className="failed-count">
      <span aria-hidden="true">{text}</span>
      <span className="sr">{say("count", { count: counted.count, text })}</span>
    </b>
  );
}
