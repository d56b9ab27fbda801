import { redirect, type ActionFunctionArgs } from "@remix-run/node";
import { cookieText } from "../device/cookies.ts";
import { PATHS } from "../names/paths.ts";
import { backOf, formOf } from "../server/form.server.ts";
import { preferencesOf } from "../server/preferences.server.ts";

/** Switches the language or the theme, and goes back to where it was asked for. */
export async function action({ request, context: { secureCookies: secure } }: ActionFunctionArgs) {
  const form = await formOf(request);
  const { language, theme } = preferencesOf(request);
  const cookie =
    form.get("switch") === "language"
      ? cookieText("language", language === "en" ? "pt-BR" : "en", { secure })
      : cookieText("theme", theme === "dark" ? "light" : "dark", { secure });
  return redirect(backOf(form, PATHS.home), { headers: { "Set-Cookie": cookie } });
}

export const loader = () => redirect(PATHS.home);
