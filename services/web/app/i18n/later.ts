import { useMemo } from "react";
import { useTranslation } from "./context.tsx";
import type { Language } from "./i18n.ts";
import { translator, type Texts, type Translate } from "./translator.ts";

/** The words of a part that is loaded when it is first needed: they come with it, in both languages. */
export type LaterWords<Words extends Texts> = { "pt-BR": Words } & Record<
  Language,
  Texts<keyof Words & string>
>;

/** Says them as `t` says those of the app. Gaps are those that the Portuguese text has. */
export function useWords<Words extends Texts>(words: LaterWords<Words>): Translate<Words> {
  const { language } = useTranslation();
  return useMemo(() => translator<Words>(words[language], language), [words, language]);
}
