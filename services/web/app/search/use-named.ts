import { useEffect, useState } from "react";
import type { ConversationRow } from "@fio/contracts";
import { dataPath } from "../names/paths.ts";
import { getJson } from "../stream/get-json.ts";
import type { SearchPage } from "./results.ts";

const PAUSE_MS = 150;
const LEAST_LETTERS = 2;

/** Conversations of the store that a text names, once whoever types it pauses; none until they are known. */
export function useNamed(text: string): readonly ConversationRow[] {
  const [known, setKnown] = useState<{ of: string; rows: readonly ConversationRow[] }>({ of: "", rows: [] });
  const q = text.trim();
  useEffect(() => {
    if (q.length < LEAST_LETTERS) return;
    let wanted = true;
    const timer = setTimeout(() => {
      void getJson<SearchPage>(dataPath.search({ q, kind: "conversation" })).then((page) => {
        if (!wanted) return;
        setKnown({ of: q, rows: page?.hits.flatMap(({ conversation }) => conversation ?? []) ?? [] });
      });
    }, PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [q]);
  return known.of === q ? known.rows : [];
}
