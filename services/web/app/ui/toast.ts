import type { ReactNode } from "react";

export type Toast = {
  /** `busy` stays until another one with its `id` takes its place. */
  kind: "note" | "done" | "bad" | "busy";
  id?: string;
  action?: { label: string; run: () => void };
};
export type ToastMessage = Toast & { text: ReactNode };

let show: ((message: ToastMessage) => void) | null = null;
const waiting: ToastMessage[] = [];

/** Shows a notice for what is not visible on the page. The library that draws it is loaded with the first one. */
export function toast(text: string, options: Toast): void {
  const message = { ...options, text };
  if (show !== null) show(message);
  else waiting.push(message);
  for (const listener of listeners) listener();
}

const listeners = new Set<() => void>();
/** Calls when there is a first notice to show. */
export function onFirstToast(listener: () => void): () => void {
  listeners.add(listener);
  if (waiting.length > 0) listener();
  return () => void listeners.delete(listener);
}

export function setToaster(shower: (message: ToastMessage) => void): void {
  show = shower;
  for (const message of waiting.splice(0)) shower(message);
}
