import { useEffect, useState } from "react";
import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  useRouteLoaderData,
  type ShouldRevalidateFunction,
} from "@remix-run/react";
import { I18nProvider } from "./i18n/context.tsx";
import { comeAlive, FIRST_PAINT } from "./device/first-paint.ts";
import { DEFAULT_LANGUAGE } from "./i18n/i18n.ts";
import { createStore } from "./store/store.ts";
import { StoreContext } from "./store/context.tsx";
import { preferencesOf } from "./server/preferences.server.ts";
import { TimesProvider } from "./time/context.tsx";
import { RootError } from "./shell/errors.tsx";
import icon from "../public/icon.svg?inline";
import styles from "./styles/app.css?url";

export const links: LinksFunction = () => [
  { rel: "stylesheet", href: styles },
  // In the page: a browser asks for an icon's address again at each change of the page's.
  { rel: "icon", href: icon, type: "image/svg+xml" },
  { rel: "manifest", href: "/app.webmanifest" },
];

export const meta: MetaFunction = () => [{ title: "Fio" }];

export function loader({ request, context }: LoaderFunctionArgs) {
  return {
    ...preferencesOf(request),
    now: Date.now(),
    simulator: context.simulator,
    nonce: context.nonce,
    agent: context.agent?.name ?? null,
    account: context.agent?.id,
  };
}
export type RootData = ReturnType<typeof loader>;

/** What it says holds for as long as the page is open; a switch of language loads it anew. */
export const shouldRevalidate: ShouldRevalidateFunction = () => false;

export function Layout({ children }: { children: React.ReactNode }) {
  const data = useRouteLoaderData<typeof loader>("root");
  const language = data?.language ?? DEFAULT_LANGUAGE;
  const [store] = useState(createStore);
  useEffect(comeAlive, []);
  return (
    <html
      lang={language}
      data-theme={data?.theme ?? undefined}
      data-zone={data?.zone}
      data-account={data?.account}
      suppressHydrationWarning
    >
      <head>
        <meta charSet="utf-8" />
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
        <meta name="color-scheme" content="light dark" />
        <script
          nonce={data?.nonce}
          suppressHydrationWarning
          dangerouslySetInnerHTML={{ __html: FIRST_PAINT }}
        />
        <Meta />
        <Links />
      </head>
      <body>
        <I18nProvider language={language}>
          <TimesProvider language={language} zone={data?.zone ?? "UTC"} now={data?.now ?? 0}>
            <StoreContext.Provider value={store}>{children}</StoreContext.Provider>
          </TimesProvider>
        </I18nProvider>
        <Scripts nonce={data?.nonce ?? ""} />
      </body>
    </html>
  );
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return <RootError />;
}
