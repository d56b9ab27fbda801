import { useRouteLoaderData } from "@remix-run/react";
import { useCallback, useState, useSyncExternalStore } from "react";
import { fetchRejections } from "./fetch-rejections.ts";
import { useRefreshing } from "../store/use-refreshing.ts";

const KEY = "fio.rejections.seen";
const PACE = { restMs: 5_000, everyMs: 30_000 };
const NEWEST = new URLSearchParams({ show: "all", page: "limit=1" }).toString();
const listeners = new Set<() => void>();

/** Remembers, on this device, the newest refusal that was on screen. */
export function markRejectionsSeen(receipt: string): void {
  if ((localStorage.getItem(KEY) ?? "") >= receipt) return;
  localStorage.setItem(KEY, receipt);
  for (const listener of listeners) listener();
}

/** Whether something was refused since this device last looked. */
export function useNewRejections(): boolean {
  const shell = useRouteLoaderData<{ newestRejection: string | null }>("routes/_shell");
  const [read, setRead] = useState({ of: shell, newest: shell?.newestRejection ?? "" });
  const refresh = useCallback(async () => {
    const page = await fetchRejections(NEWEST);
    if (page !== null) setRead({ of: shell, newest: page.rejections[0]?.receipt ?? "" });
  }, [shell]);
  useRefreshing(refresh, PACE);
  // The latest request counts.
  const newest = read.of === shell ? read.newest : (shell?.newestRejection ?? "");
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      addEventListener("storage", listener);
      return () => {
        listeners.delete(listener);
        removeEventListener("storage", listener);
      };
    },
    () => newest > (localStorage.getItem(KEY) ?? ""),
    () => false,
  );
}
