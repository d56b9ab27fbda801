import { createContext, useContext, useMemo } from "react";
import type { i18n, TFunction } from "i18next";

const I18nContext = createContext<i18n | null>(null);

/** The words for all that is inside. A page has one language: the switch loads it anew. */
export function I18nProvider({ i18n, children }: { i18n: i18n; children: React.ReactNode }) {
  return <I18nContext.Provider value={i18n}>{children}</I18nContext.Provider>;
}

export function useTranslation(): { t: TFunction; language: string } {
  const i18n = useContext(I18nContext);
  if (i18n === null) throw new Error("outside of the app");
  return useMemo(() => ({ t: i18n.t, language: i18n.language }), [i18n]);
}
