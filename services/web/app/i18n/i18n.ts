import { createInstance, type i18n } from "i18next";
import type { Key, ptBR } from "./pt-BR.ts";

export const LANGUAGES = ["pt-BR", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
export const DEFAULT_LANGUAGE: Language = "pt-BR";

/** `pt`, `pt-PT` and whatever else is not English read Portuguese. */
export const languageOf = (text: string): Language => (text.startsWith("en") ? "en" : DEFAULT_LANGUAGE);

declare module "i18next" {
  // i18next reads the type of its keys from an interface that the app extends.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof ptBR };
    keySeparator: false;
    nsSeparator: false;
  }
}

const words = new Map<Language, Record<Key, string>>();

/** A browser loads the words of its reader's language alone, the server all; both before anything is rendered. */
export const addWords = (language: Language, of: Record<Key, string>): void => void words.set(language, of);

/** An instance of its own for each page that the server renders, since two readers may differ in language. */
export function createI18n(language: Language): i18n {
  const instance = createInstance();
  void instance.init({
    lng: language,
    fallbackLng: DEFAULT_LANGUAGE,
    resources: Object.fromEntries([...words].map(([each, translation]) => [each, { translation }])),
    keySeparator: false,
    nsSeparator: false,
    // React escapes.
    interpolation: {
      escapeValue: false,
      alwaysFormat: true,
      // 1.234 in Portuguese, 1,234 in English.
      format: (value: unknown) =>
        typeof value === "number" ? value.toLocaleString(language) : String(value),
    },
    // Synchronous: all words are here.
    initImmediate: false,
  });
  return instance;
}
