import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/lib/services.ts";

const NOT_OURS = new Set(["node_modules", "build", ".data", ".git", "test-results"]);

/** Every file of the repository, from its root; a clone need not be a git checkout for it. */
export function repositoryFiles(folder = ""): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? repositoryFiles(path) : [path];
  });
}
