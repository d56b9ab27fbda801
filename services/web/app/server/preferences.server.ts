import { RemixI18Next } from "remix-i18next/server";
import { DEFAULT_LANGUAGE, LANGUAGES, languageOf, type Language } from "../i18n/i18n.ts";
import { cookieOf } from "../device/cookies.ts";

export type Theme = "light" | "dark";
export type Preferences = {
  language: Language;
  /** `null`: as the system has it. */
  theme: Theme | null;
  /** An IANA time zone that this server knows. */
  zone: string;
  /** Whether the reader left the details of conversations open. */
  details: boolean;
};

const detector = new RemixI18Next({
  detection: {
    supportedLanguages: [...LANGUAGES, "pt"],
    fallbackLanguage: DEFAULT_LANGUAGE,
    order: ["custom", "header"],
    findLocale: (request) => Promise.resolve(cookieOf(request.headers.get("cookie"), "language")),
  },
});

/** From cookies, else from the browser's headers, else the usual defaults. */
export async function preferencesOf(request: Request): Promise<Preferences> {
  const cookies = request.headers.get("cookie");
  const theme = cookieOf(cookies, "theme");
  const language = languageOf(await detector.getLocale(request));
  return {
    language,
    theme: theme === "light" || theme === "dark" ? theme : null,
    zone: knownZone(cookieOf(cookies, "zone")) ?? (language === "pt-BR" ? "America/Sao_Paulo" : "UTC"),
    details: cookieOf(cookies, "details") !== "closed",
  };
}

function knownZone(zone: string | null): string | null {
  if (zone === null) return null;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone === "" ? null : zone;
  } catch {
    return null;
  }
}
