import { useCallback, useEffect, useRef, useState } from "react";
import type { HistoryEntry } from "@fio/contracts";
import { dataPath } from "../../names/paths.ts";
import type { HistoryPage } from "../../server/details.server.ts";
import { getJson } from "../../stream/get-json.ts";

export type History = {
  entries: readonly HistoryEntry[];
  /** The query of the page that follows. */
  older: string | null;
  failed: boolean;
  loadOlder: () => void;
  reload: () => void;
};

/** Changes that come together cause one request. */
const GATHER_MS = 400;
const ENTRIES_KEPT = 1_000;

/** A conversation's history, read while somebody looks, and again whenever the conversation changes. */
export function useHistory({
  id,
  loaded,
  version,
  wanted,
}: {
  id: string;
  /** `null`: it could not be had; `undefined`: nobody asked yet. */
  loaded: HistoryPage | null | undefined;
  version: number;
  wanted: boolean;
}): History {
  const [data, setData] = useState(loaded ?? null);
  const [failed, setFailed] = useState(loaded === null);
  useEffect(() => {
    if (loaded != null) setData((known) => merged(known, loaded));
  }, [loaded]);

  const load = useCallback(
    async (page: string | null): Promise<void> => {
      const answer = await getJson<HistoryPage>(dataPath.history(id, { page }));
      setFailed(answer === null);
      if (answer === null) return;
      setData((known) =>
        page === null
          ? merged(known, answer)
          : known === null
            ? answer
            : { ...known, history: union(known.history, answer.history), older: answer.older },
      );
    },
    [id],
  );
  const reload = useCallback(() => void load(null), [load]);

  const readAt = useRef(loaded == null ? null : version);
  useEffect(() => {
    if (!wanted || version === readAt.current) return;
    const timer = setTimeout(
      () => {
        readAt.current = version;
        reload();
      },
      readAt.current === null ? 0 : GATHER_MS,
    );
    return () => clearTimeout(timer);
  }, [wanted, version, reload]);

  const older = data?.older ?? null;
  const loadOlder = useCallback(() => {
    if (older !== null) void load(older);
  }, [older, load]);
  return {
    entries: data?.history ?? [],
    older,
    failed,
    loadOlder,
    reload,
  };
}

/** Merges a reloaded first page: outcomes change, older pages stay loaded. */
function merged(known: HistoryPage | null, first: HistoryPage): HistoryPage {
  const overlaps = known?.history.some(({ receipt }) => receipt === first.history.at(-1)?.receipt) === true;
  if (known === null || !overlaps) return first;
  return { history: union(first.history, known.history), older: known.older };
}

/** Of two entries with one receipt the first counts. */
function union(a: readonly HistoryEntry[], b: readonly HistoryEntry[]): HistoryEntry[] {
  const byReceipt = new Map([...b, ...a].map((entry) => [entry.receipt, entry]));
  return [...byReceipt.values()].sort((x, y) => (x.receipt > y.receipt ? -1 : 1)).slice(0, ENTRIES_KEPT);
}
