import type { Redis } from "ioredis";
import type { ServiceProcess } from "../../test/support/service-process.ts";
import type { System } from "./system.ts";

/** Room for what is held back; a later setting takes the place of the one before. */
export const REDIS_ARGS = ["--maxmemory", "2gb"];

/** Production, without signatures and tokens, and with room for a backlog. */
export const OPEN_TO_ALL = {
  NODE_ENV: "production",
  ALLOW_UNSIGNED_WEBHOOKS: "true",
  ALLOW_ANONYMOUS_READS: "true",
  MAX_BACKLOG: "100000000",
};

export async function redisPid(redis: Redis): Promise<number> {
  return Number(/^process_id:(\d+)/m.exec(await redis.info("server"))?.[1]);
}

export function running({
  intake,
  worker,
  redis,
}: {
  intake: readonly ServiceProcess[];
  worker: readonly ServiceProcess[];
  redis: number | null;
}): ReturnType<System["processes"]> {
  const of = (role: "intake" | "worker", processes: readonly ServiceProcess[]) =>
    processes.flatMap((process) => {
      const pid = process.pid();
      return pid === undefined ? [] : [{ role, pid }];
    });
  return [
    ...of("intake", intake),
    ...of("worker", worker),
    ...(redis === null ? [] : [{ role: "redis" as const, pid: redis }]),
  ];
}
