import { useCallback, useEffect, useRef } from "react";

/**
 * Takes in a page whenever it is loaded anew, and gives what reads it once more; that resolves to whether there was an answer.
 * `fetchPage` gives `null` where there is none.
 */
export function usePageReads<Page>({
  loaded,
  query,
  fetchPage,
  act,
}: {
  loaded: Page;
  query: string;
  fetchPage: (query: string) => Promise<Page | null>;
  act: (action: { kind: "read"; page: Page }) => void;
}): () => Promise<boolean> {
  // An answer that was asked for before the page was loaded anew is older.
  const latest = useRef(loaded);
  useEffect(() => {
    if (latest.current === loaded) return;
    latest.current = loaded;
    act({ kind: "read", page: loaded });
  }, [loaded, act]);
  return useCallback(async (): Promise<boolean> => {
    const asked = latest.current;
    const page = await fetchPage(query);
    if (page !== null && latest.current === asked) act({ kind: "read", page });
    return page !== null;
  }, [query, fetchPage, act]);
}
