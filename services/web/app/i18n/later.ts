import { useMemo } from "react";
import { useTranslation } from "./context.tsx";
import type { Language } from "./i18n.ts";
import { translator, type Translate } from "./translator.ts";

/** The words of a part that is loaded when it is first needed: they come with it, in both languages. */
export type Words<Key extends string> = Record<Language, Record<Key, string>>;

export function useWords<Key extends string>(words: Words<Key>): Translate<Key> {
  const { language } = useTranslation();
  return useMemo(() => translator(words[language], language), [words, language]);
}
