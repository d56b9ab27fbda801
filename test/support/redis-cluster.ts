import { prefixOf } from "@fio/contracts";
import { readNodes, slotOf } from "@fio/service/redis-cluster";
import { Redis } from "ioredis";
import { freePort, startRedis, type RedisServer } from "./redis-server.ts";
import { until } from "./until.ts";

/** Three primaries with a replica each. */
export type RedisCluster = {
  /** Names nodes that do not have the first partition, so that whoever connects must look for the right one. */
  url: string;
  servers: RedisServer[];
  /** All of its servers, which stop and start together. */
  asOne: RedisServer;
  /** The primary of a partition's keys, as it sees itself. */
  primary: (partition?: number) => Promise<RedisServer>;
  /** Resolves once every primary has a replica that is up to date. */
  whole: () => Promise<void>;
  remove: () => Promise<void>;
};

const LAST_SLOT = 16_383;
const portOf = ({ url }: RedisServer): string => new URL(url).port;

export async function startRedisCluster(): Promise<RedisCluster> {
  const buses = await Promise.all(Array.from({ length: 6 }, freePort));
  const servers = await Promise.all(
    buses.map((bus) =>
      startRedis({
        args: [
          ...["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-port", String(bus)],
          // A replica that comes back is served at once, not after Redis' five seconds of waiting for more of them.
          ...["--repl-diskless-sync-delay", "0"],
        ],
      }),
    ),
  );
  const nth = (index: number): RedisServer => servers[index] as RedisServer;
  const ask = async (server: RedisServer, ...command: string[]): Promise<string> => {
    const redis = new Redis(server.url, {
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      commandTimeout: 2_000,
    });
    redis.on("error", () => {});
    try {
      const [name = "", ...given] = command;
      return String(await redis.call(name, ...given));
    } finally {
      redis.disconnect();
    }
  };
  const [first] = servers as [RedisServer];
  for (const [index, server] of servers.entries()) {
    if (index < 3) {
      const [from, to] = [Math.ceil((index * LAST_SLOT) / 3), Math.ceil(((index + 1) * LAST_SLOT) / 3) - 1];
      await ask(server, "CLUSTER", "ADDSLOTSRANGE", String(from), String(index === 2 ? LAST_SLOT : to));
      await ask(server, "CLUSTER", "SET-CONFIG-EPOCH", String(index + 1));
    }
    if (server !== first) {
      await ask(server, "CLUSTER", "MEET", "127.0.0.1", portOf(first), String(buses[0]));
    }
  }
  await until(
    async () =>
      (await Promise.all(servers.map((server) => ask(server, "CLUSTER", "NODES")))).every(
        (text) => text.trim().split("\n").length === 6 && !text.includes("handshake"),
      ),
    { what: "the nodes know each other" },
  );
  for (const index of [0, 1, 2]) {
    const id = await ask(nth(index), "CLUSTER", "MYID");
    await ask(nth(index + 3), "CLUSTER", "REPLICATE", id);
  }

  const runs = (): RedisServer[] => servers.filter((server) => server.runs());
  const primary = (partition = 0): Promise<RedisServer> =>
    until(
      async () => {
        for (const server of runs()) {
          const info = await ask(server, "INFO", "replication").catch(() => "");
          if (!/^role:master/m.test(info)) continue;
          const slots = await ask(server, "CLUSTER", "NODES").catch(() => "");
          const own = slots.split("\n").find((line) => line.includes("myself")) ?? "";
          const asked = { host: "127.0.0.1", port: Number(portOf(server)) };
          if (readNodes(own, asked, slotOf(prefixOf(partition))).primary !== null) return server;
        }
        return null;
      },
      { what: "some node has the partition's keys" },
    );
  const whole = async (): Promise<void> => {
    await until(
      async () => {
        const told = await Promise.all(
          servers.map((server) => ask(server, "INFO", "replication").catch(() => "")),
        );
        const state = await Promise.all(
          servers.map((server) => ask(server, "CLUSTER", "INFO").catch(() => "")),
        );
        return (
          told.filter((text) => /^role:master/m.test(text) && /state=online/.test(text)).length === 3 &&
          told.filter((text) => /^master_link_status:up/m.test(text)).length === 3 &&
          state.every((text) => text.includes("cluster_state:ok"))
        );
      },
      { what: "the cluster is whole" },
    );
  };
  await whole();
  const url = `redis+cluster://127.0.0.1:${portOf(nth(1))},127.0.0.1:${portOf(nth(2))}`;
  const remove = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.remove()));
  };
  const each = async (work: (server: RedisServer) => Promise<void>): Promise<void> => {
    await Promise.all(servers.map(work));
  };
  return {
    url,
    servers,
    asOne: {
      url,
      dir: first.dir,
      kill: () => each((server) => server.kill()),
      start: () => each((server) => (server.runs() ? Promise.resolve() : server.start())),
      runs: () => servers.every((server) => server.runs()),
      lastWords: () => servers.map((server) => server.lastWords()).join("\n"),
      pause: () => servers.forEach((server) => server.pause()),
      resume: () => servers.forEach((server) => server.resume()),
      remove,
    },
    primary,
    whole,
    remove,
  };
}
