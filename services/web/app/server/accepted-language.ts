import { DEFAULT_LANGUAGE, languageOf, type Language } from "../i18n/i18n.ts";

/** What the app has of an `Accept-Language` header, by its order and weights: `fr, en;q=0.8, pt;q=0.5` is English. */
export function acceptedLanguage(header: string | null): Language {
  const wanted = (header ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
      return { tag, weight: Number(weight) };
    })
    .filter(({ tag, weight }) => /^(pt|en)(-|$)/.test(tag) && weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return languageOf(wanted[0]?.tag ?? DEFAULT_LANGUAGE);
}
