import { CannotStart } from "../lib/cannot.ts";
import { which } from "../lib/which.ts";
import { redisContainer } from "./container.ts";
import { debianRedis } from "./debian.ts";
import { builtRedis } from "./memory-server.ts";
import { redisBinary, type RedisProgram } from "./program.ts";

/**
 * Finds or installs a Redis server, the cheapest way first; without `containers` it is always a program. Throws
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
    "No Redis was found, and none could be installed: install redis-server (Debian: apt-get install redis-server; macOS: brew install redis) or set REDIS_URL",
  );
}
