import { createContext, useContext, useMemo } from "react";
import type { i18n, TFunction } from "i18next";

type Translation = { t: TFunction; language: string };
const I18nContext = createContext<Translation | null>(null);

/** The words for all that is inside. A page has one language: switching reloads it. */
export function I18nProvider({ i18n, children }: { i18n: i18n; children: React.ReactNode }) {
  const value = useMemo(() => ({ t: remembering(i18n.t), language: i18n.language }), [i18n]);
  return <I18nContext.Provider value={value}>{children}</I18nContext.Provider>;
}

export function useTranslation(): Translation {
  const value = useContext(I18nContext);
  if (value === null) throw new Error("outside of the app");
  return value;
}

/**
 * i18next resolves the language's code again for every word, which took a quarter of the time to draw a
 * thread: words without a number or a name in them are looked up once.
 */
function remembering(t: TFunction): TFunction {
  const known = new Map<unknown, unknown>();
  const asked = t as unknown as (...all: unknown[]) => unknown;
  const remembered = (...all: unknown[]): unknown => {
    const [key] = all;
    if (all.length > 1) return asked(...all);
    if (!known.has(key)) known.set(key, asked(key));
    return known.get(key);
  };
  return remembered as unknown as TFunction;
}
