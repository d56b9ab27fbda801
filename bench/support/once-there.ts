import { existsSync } from "node:fs";
import { until } from "../../test/support/until.ts";
import { say } from "./figures.ts";

const DAY_MS = 86_400_000;

/**
 * Resolves when the file is there, at once without a name: a store may be filled while the machine is busy, and measured
 * when it is quiet.
 */
export async function onceThere(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  say(`filled; measuring begins when ${file} is there`);
  await until(() => existsSync(file), { what: file, limitMs: DAY_MS, everyMs: 500 });
}
