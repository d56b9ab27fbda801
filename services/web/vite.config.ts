import { vitePlugin as remix } from "@remix-run/dev";
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Rollup } from "vite";
import manifest from "./package.json" with { type: "json" };

declare module "@remix-run/node" {
  // Remix reads this flag's type from an interface that the app extends.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Future {
    v3_singleFetch: true;
  }
}

/*
 * What the first thread needs is one file of the app and one of node_modules. By default Rollup splits it into dozens of
 * small files, each with its own round trip and compression dictionary: see `npm run bench:weight`.
 */
const FIRST_THREAD = [
  "root",
  "routes/_shell",
  "routes/_shell._inbox",
  "routes/_shell._inbox.conversations.$id",
];

type Graph = Rollup.ManualChunkMeta;

/** Whether the first thread reaches a module by imports alone, not by `import()`: each module is looked at once. */
function reachedByFirstThread({ getModuleIds, getModuleInfo }: Graph): Set<string> {
  const isFirst = (id: string): boolean =>
    FIRST_THREAD.some((route) => id.split("?")[0]?.endsWith(`/web/app/${route}.tsx`) === true);
  const found = new Set([...getModuleIds()].filter((id) => isFirst(id) || /\/entry\.client\.tsx$/.test(id)));
  for (const id of found) for (const next of getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}

let reached: Set<string> | undefined;

function chunkOf(id: string, graph: Graph): string | undefined {
  reached ??= reachedByFirstThread(graph);
  if (!reached.has(id) || /\/web\/app\/(?:routes\/|root\.tsx|entry\.client\.tsx)/.test(id)) return undefined;
  // What the bundler itself adds (no path) serves the packages, and must not make them import the app.
  return id.startsWith("\0") || id.includes("/node_modules/") ? "vendor" : "shared";
}

/** In a copy that scripts/lib/build-web.ts makes under a plain path, the dependencies keep that path. */
const isCopy = lstatSync(join(import.meta.dirname, "../../node_modules")).isSymbolicLink();

export default defineConfig(({ command, isSsrBuild }) => ({
  resolve: { preserveSymlinks: isCopy },
  ssr:
    command === "build"
      ? // What draws the app is built in, so that an image need not hold the packages: one set of icons is 46 MB.
        {
          noExternal: true,
          external: Object.keys(manifest.dependencies).filter((name) => !name.startsWith("@fio/")),
        }
      : { noExternal: [/^@fio\//] },
  plugins: [
    remix({
      ignoredRouteFiles: ["**/*.test.ts", "**/*.test.tsx"],
      future: {
        v3_fetcherPersist: true,
        // With it each address of a conversation is asked for before it opens, and each row that is drawn.
        v3_lazyRouteDiscovery: false,
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
    // A few seconds more once, for 4 % less on every first visit.
    minify: isSsrBuild === true ? false : "terser",
    terserOptions: { ecma: 2020, module: true, compress: { passes: 2 } },
    ...(isSsrBuild === true ? {} : { rollupOptions: { output: { manualChunks: chunkOf } } }),
  },
}));
