import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** The file that Redis appends to now. */
export async function lastAppendOnlyFile(redisDir: string): Promise<string> {
  const directory = join(redisDir, "appendonlydir");
  const number = (name: string): number => Number(/\.(\d+)\.incr\.aof$/.exec(name)?.[1] ?? 0);
  const newest = (await readdir(directory)).toSorted((a, b) => number(b) - number(a))[0];
  if (newest === undefined || number(newest) === 0) throw new Error(`no append-only file in ${directory}`);
  return join(directory, newest);
}
