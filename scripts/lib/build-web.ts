import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { CannotStart } from "./cannot.ts";
import { run } from "./run.ts";
import { ROOT } from "./services.ts";

const WEB = join(ROOT, "services/web");
const BUILT = join(WEB, "build/server/index.js");
/** What the build reads; its own packages count through the lock file. */
const SOURCES = [WEB, join(ROOT, "packages"), join(ROOT, "package-lock.json")];
const NOT_SOURCES = new Set(["node_modules", "build", ".data"]);

/** Builds the web app when it is not built or older than its sources. Throws {@link CannotStart}. */
export async function buildWebIfStale(say: (line: string) => void): Promise<void> {
  const builtAt = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs;
  if (builtAt !== undefined && newest(SOURCES) <= builtAt) return;
  say(`Building the web app (${builtAt === undefined ? "the first time" : "its sources have changed"})`);
  const { code, output } = await run("npm", ["run", "build"], {
    cwd: ROOT,
    // Also under `npm start --silent`: what went wrong must be seen.
    env: { ...process.env, npm_config_loglevel: "error" },
  });
  if (code === 0) return;
  process.stderr.write(output.slice(-4_000));
  throw new CannotStart("The web app could not be built: npm run build shows why");
}

function newest(paths: readonly string[]): number {
  let latest = 0;
  for (const path of paths) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) continue;
    const inside = found.isDirectory()
      ? readdirSync(path).filter((name) => !NOT_SOURCES.has(name) && !/\.test\.tsx?$/.test(name))
      : [];
    // A directory's own time counts too: it is all that a deleted file leaves behind.
    latest = Math.max(
      latest,
      path === WEB ? 0 : found.mtimeMs,
      newest(inside.map((name) => join(path, name))),
    );
  }
  return latest;
}
