import { languageOf, type Language } from "../i18n/i18n.ts";
import { cookieOf } from "../device/cookies.ts";
import { acceptedLanguage } from "./accepted-language.ts";

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

/** From cookies, else from the browser's headers, else the usual defaults. */
export function preferencesOf(request: Request): Preferences {
  const cookies = request.headers.get("cookie");
  const theme = cookieOf(cookies, "theme");
  const chosen = cookieOf(cookies, "language");
  const language =
    chosen === null ? acceptedLanguage(request.headers.get("accept-language")) : languageOf(chosen);
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
