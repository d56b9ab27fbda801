import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { run } from "../lib/run.ts";
import { redisBinary, type RedisProgram } from "./program.ts";

type RedisMemoryServer = {
  RedisBinary: { getPath: (options: { version: string; downloadDir: string }) => Promise<string> };
};

/**
 * The last resort: the package redis-memory-server fetches Redis' source and compiles it (make and a C compiler
 * must be there; minutes the first time). `null` where that fails. Installed on demand, since it is rarely needed.
 */
export async function builtRedis({
  dataDir,
  say,
}: {
  dataDir: string;
  say: (line: string) => void;
}): Promise<RedisProgram | null> {
  const directory = join(dataDir, "redis-memory-server");
  await mkdir(directory, { recursive: true });
  say("Compiling Redis from source: takes a few minutes, once");
  const install = [
    "install",
    "--prefix",
    directory,
    "--no-save",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
  ];
  if ((await run("npm", [...install, "redis-memory-server@0.17.1"])).code !== 0) return null;
  const entry = join(directory, "node_modules/redis-memory-server/lib/index.js");
  const { RedisBinary } = (await import(pathToFileURL(entry).href)) as RedisMemoryServer;
  const path = await RedisBinary.getPath({ version: "7.2.9", downloadDir: directory }).catch(() => null);
  return path === null ? null : redisBinary(path, `Redis compiled under ${directory}`);
}
