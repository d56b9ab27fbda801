import { useCallback } from "react";
import { useTranslation } from "./context.tsx";
import { languageOf, type Language } from "./i18n.ts";

/** The words of a part that is loaded when it is first needed: they come with it, in both languages. */
export type Words<Key extends string> = Record<Language, Record<Key, string>>;

export type Say<Key extends string> = (key: Key, values?: Record<string, string | number>) => string;

/** A word may have gaps, `{{name}}`, as those of the other files. */
export const sayIn =
  <Key extends string>(words: Words<Key>, language: string): Say<Key> =>
  (key, values = {}) =>
    words[languageOf(language)][key].replace(/\{\{(\w+)\}\}/g, (gap, name: string) => {
      const value = values[name];
      return value === undefined ? gap : String(value);
    });

export function useWords<Key extends string>(words: Words<Key>): Say<Key> {
  const { language } = useTranslation();
  return useCallback((key, values) => sayIn(words, language)(key, values), [words, language]);
}
