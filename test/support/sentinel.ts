import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "./redis-server.ts";
import { until } from "./until.ts";

export const SENTINEL_NAME = "mymaster";

/** A real sentinel that watches a primary, alone: its word is enough. */
export type Sentinel = {
  /** `host:port`, as a `redis+sentinel://` URL names it. */
  address: string;
  /** Where it says that the primary is. */
  primary: () => Promise<string>;
  /** Resolves once it knows that there is a replica that could take over. */
  knowsReplica: () => Promise<void>;
  remove: () => Promise<void>;
};

export async function startSentinel(primaryUrl: string): Promise<Sentinel> {
  const directory = await mkdtemp(join(tmpdir(), "fio-sentinel-"));
  const port = await freePort();
  const { hostname, port: primaryPort } = new URL(primaryUrl);
  const file = join(directory, "sentinel.conf");
  const settings = [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${directory}`,
    `sentinel monitor ${SENTINEL_NAME} ${hostname} ${primaryPort} 1`,
    `sentinel down-after-milliseconds ${SENTINEL_NAME} 1000`,
    `sentinel failover-timeout ${SENTINEL_NAME} 5000`,
  ];
  await writeFile(file, `${settings.join("\n")}\n`);
  const child = spawn(process.env["FIO_REDIS_SERVER"] ?? "redis-server", [file, "--sentinel"], {
    stdio: "ignore",
  });
  const redis = new Redis({ port, host: "127.0.0.1", retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on("error", () => {});
  await redis.ping();
  return {
    address: `127.0.0.1:${port}`,
    primary: async () => {
      const [host, at] = (await redis.call("SENTINEL", "get-master-addr-by-name", SENTINEL_NAME)) as [
        string,
        string,
      ];
      return `redis://${host}:${at}`;
    },
    knowsReplica: async () => {
      await until(
        async () => ((await redis.call("SENTINEL", "replicas", SENTINEL_NAME)) as unknown[]).length > 0,
        { what: "the sentinel knows the replica" },
      );
    },
    remove: async () => {
      redis.disconnect();
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
