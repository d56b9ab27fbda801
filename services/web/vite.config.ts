import { vitePlugin as remix } from "@remix-run/dev";
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vite";

declare module "@remix-run/node" {
  // Remix reads this flag's type from an interface that the app extends.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Future {
    v3_singleFetch: true;
  }
}

/*
 * What the first thread needs of node_modules and of the app. By default Rollup splits it into dozens of small files,
 * each with its own round trip and compression dictionary: see `npm run bench:weight`.
 */
const VENDOR =
  /\/node_modules\/(react|react-dom|react-router|react-router-dom|scheduler|@remix-run|i18next)\//;
const SHARED =
  /\/lucide-react\/|\/web\/app\/(live|names|time|i18n|thread|sending)\/(?!.*(server|worker|pt-BR|en)\.ts)|\/web\/app\/components\/(icons|errors|copy|toast|avatar|slow|way-on|what-became|preview|media|details-context|new-rejections|live-rejections|refreshing)\.tsx?/;

const chunkOf = (id: string): string | undefined =>
  VENDOR.test(id) ? "vendor" : SHARED.test(id) ? "shared" : undefined;

/** In a copy that scripts/lib/build-web.ts makes under a plain path, the dependencies keep that path. */
const isCopy = lstatSync(join(import.meta.dirname, "../../node_modules")).isSymbolicLink();

export default defineConfig(({ isSsrBuild }) => ({
  resolve: { preserveSymlinks: isCopy },
  ssr: { noExternal: [/^@fio\//] },
  plugins: [
    remix({
      ignoredRouteFiles: ["**/*.test.ts", "**/*.test.tsx"],
      future: {
        v3_fetcherPersist: true,
        v3_lazyRouteDiscovery: true,
        v3_relativeSplatPath: true,
        v3_routeConfig: false,
        v3_singleFetch: true,
        v3_throwAbortReason: true,
      },
    }),
  ],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    ...(isSsrBuild === true ? {} : { rollupOptions: { output: { manualChunks: chunkOf } } }),
  },
}));
