import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The full path of a program, or `null` when it is not on the PATH. */
export function which(program: string): string | null {
  for (const directory of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(directory, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return null;
}
