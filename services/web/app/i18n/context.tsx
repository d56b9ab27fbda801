import { createContext, useContext, useMemo } from "react";
import { wordsIn, type Language, type T } from "./i18n.ts";

type Translation = { t: T; language: Language };
const I18nContext = createContext<Translation | null>(null);

/** The words for all that is inside. A page has one language: switching reloads it. */
export function I18nProvider({ language, children }: { language: Language; children: React.ReactNode }) {
  const value = useMemo(() => ({ t: wordsIn(language), language }), [language]);
  return <I18nContext.Provider value={value}>{children}</I18nContext.Provider>;
}

export function useTranslation(): Translation {
  const value = useContext(I18nContext);
  if (value === null) throw new Error("outside of the app");
  return value;
}
