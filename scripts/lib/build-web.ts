import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { CannotStart } from "./cannot.ts";
import { run, type Finished } from "./run.ts";
import { ROOT } from "./services.ts";

const WEB = join(ROOT, "services/web");
const BUILT = join(WEB, "build/server/index.js");
/** The sources of the build; dependencies count through the lock file. */
const SOURCES = [WEB, join(ROOT, "packages"), join(ROOT, "package-lock.json")];
const NOT_SOURCES = new Set(["node_modules", "build", ".data"]);

/** Builds the web app when it is not built or older than its sources. Throws {@link CannotStart}. */
export async function buildWebIfStale(say: (line: string) => void): Promise<void> {
  const builtAt = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs;
  if (builtAt !== undefined && newest(SOURCES) <= builtAt) return;
  say(`Building the web app (${builtAt === undefined ? "the first time" : "its sources have changed"})`);
  const { code, output } = await buildWeb();
  if (code === 0) return;
  process.stderr.write(output.slice(-4_000));
  throw new CannotStart("The web app could not be built: run npm run build to see why");
}

/** Builds the web app, also in a folder with special characters in its name. */
export function buildWeb(): Promise<Finished> {
  // Vite reads module paths as URLs: in a folder called `C#` it finds nothing.
  return /[#?*%]/.test(realpathSync(ROOT)) ? buildElsewhere() : build(ROOT);
}

function build(root: string): Promise<Finished> {
  return run("npm", ["run", "build", "--workspace", "services/web"], {
    cwd: root,
    // Also under `npm start --silent`: errors must be visible.
    env: { ...process.env, npm_config_loglevel: "error" },
  });
}

/** In a copy under a plain path, with the dependencies linked; the result is brought back. */
async function buildElsewhere(): Promise<Finished> {
  const copy = mkdtempSync(join(tmpdir(), "fio-build-"));
  try {
    for (const name of ["package.json", "tsconfig.base.json", "packages", "services"]) {
      cpSync(join(ROOT, name), join(copy, name), {
        recursive: true,
        filter: (path) => !NOT_SOURCES.has(basename(path)),
      });
    }
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "dir");
    const finished = await build(copy);
    if (finished.code === 0) {
      rmSync(join(WEB, "build"), { recursive: true, force: true });
      cpSync(join(copy, "services/web/build"), join(WEB, "build"), { recursive: true });
    }
    return finished;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function newest(paths: readonly string[]): number {
  let latest = 0;
  for (const path of paths) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) continue;
    const inside = found.isDirectory()
      ? readdirSync(path).filter((name) => !NOT_SOURCES.has(name) && !/\.test\.tsx?$/.test(name))
      : [];
    // A directory's own time counts too: it is the only trace of a deleted file.
    latest = Math.max(
      latest,
      path === WEB ? 0 : found.mtimeMs,
      newest(inside.map((name) => join(path, name))),
    );
  }
  return latest;
}
