import type { Key, PtBR } from "./pt-BR.ts";
import { translator, type PlainNameOf, type Translate } from "./translator.ts";

export type Language = "pt-BR" | "en";
export const DEFAULT_LANGUAGE: Language = "pt-BR";

/** `pt`, `pt-PT` and whatever else is not English read Portuguese. */
export const languageOf = (text: string): Language => (text.startsWith("en") ? "en" : DEFAULT_LANGUAGE);

/** The name of a text that has no gaps: it can be passed on and said elsewhere. */
export type TextName = PlainNameOf<PtBR>;
export type T = Translate<PtBR>;

const translators = new Map<Language, T>();

/** A browser loads the words of its reader's language alone, the server all; both before anything is rendered. */
export const addWords = (language: Language, words: Record<Key, string>): void =>
  void translators.set(language, translator<PtBR>(words, language));

export function wordsIn(language: Language): T {
  const t = translators.get(language);
  if (t === undefined) throw new Error(`the words in ${language} are not loaded`);
  return t;
}
