import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a directory, and those above it that are missing, so that a power cut does not take them with all that is in them:
 * SQLite syncs the directory of its file, and nobody those above it.
 */
export function makeDurableDirectory(path: string): void {
  const made = resolve(path);
  const first = mkdirSync(made, { recursive: true });
  if (first === undefined) return;
  for (let directory = made; ; directory = dirname(directory)) {
    syncDirectory(dirname(directory));
    if (directory === resolve(first) || directory === dirname(directory)) return;
  }
}

function syncDirectory(path: string): void {
  // Windows opens no directory; it keeps names by itself.
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
