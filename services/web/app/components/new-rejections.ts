import { useRouteLoaderData } from "@remix-run/react";
import { useSyncExternalStore } from "react";
import type { loader } from "../routes/_shell.tsx";

const KEY = "fio.rejections.seen";
const listeners = new Set<() => void>();

/** Remembers, on this device, the newest refusal that was on screen. */
export function markRejectionsSeen(receipt: string): void {
  if ((localStorage.getItem(KEY) ?? "") >= receipt) return;
  localStorage.setItem(KEY, receipt);
  for (const listener of listeners) listener();
}

/** Whether something was refused since this device last looked. */
export function useNewRejections(): boolean {
  const newest = useRouteLoaderData<typeof loader>("routes/_shell")?.newestRejection ?? null;
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      addEventListener("storage", listener);
      return () => {
        listeners.delete(listener);
        removeEventListener("storage", listener);
      };
    },
    () => newest !== null && newest > (localStorage.getItem(KEY) ?? ""),
    () => false,
  );
}
