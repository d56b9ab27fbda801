import { CannotStart } from "../lib/cannot.ts";
import { which } from "../lib/which.ts";
import { redisContainer } from "./container.ts";
import { debianRedis } from "./debian.ts";
import { builtRedis } from "./memory-server.ts";

/** A Redis server that can be started: a program, or a container that stands for one. */
export type RedisProgram = {
  /** For the reader: what was taken. */
  how: string;
  /** Of the program; none for a container. */
  path?: string;
  command: (options: { port: number; directory: string; settings: string[] }) => {
    program: string;
    args: string[];
  };
  /** Ends what an earlier start left behind, where that cannot be asked by its port. */
  clear?: () => Promise<void>;
};

/** A program on this machine that is called as redis-server is. */
export function redisBinary(path: string, how = path): RedisProgram {
  return {
    how,
    path,
    command: ({ port, directory, settings }) => ({
      program: path,
      args: ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory, ...settings],
    }),
  };
}

/**
 * Finds or brings a Redis server, the cheapest way first; without `containers` it is a program in any case. Throws
 * {@link CannotStart}.
 */
export async function findRedis({
  dataDir,
  containers = true,
  say,
}: {
  dataDir: string;
  containers?: boolean;
  say: (line: string) => void;
}): Promise<RedisProgram> {
  const path = which("redis-server");
  const found =
    (path === null ? null : redisBinary(path)) ??
    (await debianRedis({ dataDir, say })) ??
    (containers ? await redisContainer(dataDir) : null) ??
    (await builtRedis({ dataDir, say }));
  if (found !== null) return found;
  throw new CannotStart(
    "No Redis could be found or brought: install redis-server (Debian: apt-get install redis-server; macOS: brew install redis) or set REDIS_URL",
  );
}
