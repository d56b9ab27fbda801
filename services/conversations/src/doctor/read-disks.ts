import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import type { DiskReading } from "./picture.ts";

/** The disk of each path that is there. */
export function readDisks(paths: readonly string[]): Promise<DiskReading[]> {
  return Promise.all(
    paths
      .filter((path) => existsSync(path))
      .map(async (path) => {
        const { bavail, bsize } = await statfs(path);
        return { path, freeBytes: bavail * bsize };
      }),
  );
}
