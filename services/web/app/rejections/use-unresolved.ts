import { useRouteLoaderData } from "@remix-run/react";
import { useCallback, useEffect, useState } from "react";
import { onRefusals } from "../store/browser-feed.ts";
import { useRefusals } from "../store/use-refusals.ts";
import { fetchRejections } from "./fetch-rejections.ts";

const REST_MS = 5_000;
const ONE = new URLSearchParams({ page: "limit=1" }).toString();

/** Whether something is left to resolve, wherever one is. */
export function useUnresolved(): boolean {
  const shell = useRouteLoaderData<{ unresolved: boolean }>("routes/_shell");
  const [known, setKnown] = useState({ of: shell, any: shell?.unresolved === true });
  const read = useCallback(async (): Promise<boolean> => {
    const page = await fetchRejections(ONE);
    if (page !== null) setKnown({ of: shell, any: page.rejections.length > 0 });
    return page !== null;
  }, [shell]);
  // Its code comes a while after the page.
  useEffect(() => void read(), [read]);
  useEffect(
    () =>
      onRefusals(({ what }) => {
        if (what === "to_resolve") setKnown({ of: shell, any: true });
      }),
    [shell],
  );
  // Something new to resolve says all there is to know.
  useRefusals({ read, restMs: REST_MS, skip: ({ what }) => what === "to_resolve" });
  // The latest request counts.
  return known.of === shell ? known.any : shell?.unresolved === true;
}
