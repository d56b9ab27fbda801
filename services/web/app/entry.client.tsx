import { RemixBrowser } from "@remix-run/react";
import { startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { minding } from "./device/signed-out.ts";
import { addWords, languageOf } from "./i18n/i18n.ts";
import { doubtFeed } from "./store/browser-feed.ts";

minding(doubtFeed);

const language = languageOf(document.documentElement.lang);
addWords(
  language,
  language === "en" ? (await import("./i18n/en.ts")).en : (await import("./i18n/pt-BR.ts")).ptBR,
);

startTransition(() => {
  hydrateRoot(document, <RemixBrowser />);
});
