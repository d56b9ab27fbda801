import { DEFAULT_LANGUAGE, wordsIn, type TextName } from "../i18n/i18n.ts";
import type { RootData } from "../root.tsx";

type Match = { id: string; data?: unknown } | undefined;

/** `Conversas · Fio`, in the reader's language. */
export function titleOf(matches: readonly Match[], name: TextName): string {
  const root = matches.find((match) => match?.id === "root")?.data as RootData | undefined;
  return `${wordsIn(root?.language ?? DEFAULT_LANGUAGE)(name)} · Fio`;
}
