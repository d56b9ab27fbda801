import { createInstance, type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en.ts";
import { ptBR } from "./pt-BR.ts";

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

/** An instance of its own for each page that the server renders, since two readers may differ in language. */
export function createI18n(language: Language): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: DEFAULT_LANGUAGE,
    resources: { "pt-BR": { translation: ptBR }, en: { translation: en } },
    keySeparator: false,
    nsSeparator: false,
    // React escapes.
    interpolation: { escapeValue: false },
    // Synchronous: all words are here.
    initImmediate: false,
    react: { useSuspense: false },
  });
  return instance;
}
