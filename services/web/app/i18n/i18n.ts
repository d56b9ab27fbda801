import type { Key } from "./pt-BR.ts";
import { translator, type NameOf, type Translate } from "./translator.ts";

export type Language = "pt-BR" | "en";
export const DEFAULT_LANGUAGE: Language = "pt-BR";

/** `pt`, `pt-PT` and whatever else is not English read Portuguese. */
export const languageOf = (text: string): Language => (text.startsWith("en") ? "en" : DEFAULT_LANGUAGE);

/** The name of a text in every language's file. */
export type TextName = NameOf<Key>;
export type T = Translate<Key>;

const translators = new Map<Language, T>();

/** A browser loads the words of its reader's language alone, the server all; both before anything is rendered. */
export const addWords = (language: Language, words: Record<Key, string>): void =>
  void translators.set(language, translator(words, language));

export function wordsIn(language: Language): T {
  const t = translators.get(language);
  if (t === undefined) throw new Error(`the words in ${language} are not loaded`);
  return t;
}
