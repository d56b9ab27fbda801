import { createI18n, DEFAULT_LANGUAGE } from "../i18n/i18n.ts";
import type { Key } from "../i18n/pt-BR.ts";
import type { RootData } from "../root.tsx";

type Match = { id: string; data?: unknown } | undefined;

/** `Conversas · Fio`, in the reader's language. */
export function titleOf(matches: readonly Match[], key: Key): string {
  const root = matches.find((match) => match?.id === "root")?.data as RootData | undefined;
  return `${createI18n(root?.language ?? DEFAULT_LANGUAGE).t(key)} · Fio`;
}
