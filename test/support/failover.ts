import { Redis } from "ioredis";
import { cuttable, type Cuttable } from "./cuttable.ts";
import { startRedis, type RedisServer } from "./redis-server.ts";
import { until } from "./until.ts";

/** A Redis with a replica behind one address, as managed Redis, a name that Sentinel changes, or a proxy offers it. */
export type FailoverRedis = {
  /** The one address: `redis://…`. It leads to the primary. */
  url: string;
  address: Cuttable;
  primary: () => RedisServer;
  replica: () => RedisServer;
  /** Resolves once the replica has all that the primary has. */
  caughtUp: () => Promise<void>;
  /**
   * The replica becomes the primary, the address leads to it, the old primary becomes its replica. Connections to the
   * old one stay open. Resolves once the address leads to the new primary.
   */
  failOver: () => Promise<void>;
  /** The replica no longer hears the primary, as behind a link that is cut: what is written now is lost by a failover. */
  separate: () => Promise<void>;
  /** Ends both and removes their data. */
  remove: () => Promise<void>;
};

export async function startFailoverRedis({ args = [] }: { args?: string[] } = {}): Promise<FailoverRedis> {
  let [primary, replica] = await Promise.all([startRedis({ args }), startRedis({ args })]);
  await replicate(replica, primary);
  const address = await cuttable(primary.url);
  return {
    url: address.url.replace("http:", "redis:"),
    address,
    primary: () => primary,
    replica: () => replica,
    caughtUp: () => caughtUp(primary, replica),
    failOver: async () => {
      await asked(replica, (redis) => redis.replicaof("NO", "ONE"));
      address.leadTo(replica.url);
      [primary, replica] = [replica, primary];
      await asked(replica, (redis) => redis.replicaof(...hostAndPort(primary)));
    },
    separate: async () => {
      // A port on which nobody listens.
      await asked(replica, (redis) => redis.replicaof("127.0.0.1", 1));
    },
    remove: async () => {
      await address.close();
      await Promise.all([primary.remove(), replica.remove()]);
    },
  };
}

async function replicate(replica: RedisServer, primary: RedisServer): Promise<void> {
  await asked(replica, (redis) => redis.replicaof(...hostAndPort(primary)));
  await caughtUp(primary, replica);
}

async function caughtUp(primary: RedisServer, replica: RedisServer): Promise<void> {
  const offsetOf = async (server: RedisServer, field: string): Promise<number> => {
    const info = await asked(server, (redis) => redis.info("replication"));
    if (server === replica && !info.includes("master_link_status:up")) return -1;
    return Number(new RegExp(`^${field}:(\\d+)`, "m").exec(info)?.[1] ?? -1);
  };
  const target = await offsetOf(primary, "master_repl_offset");
  await until(async () => (await offsetOf(replica, "slave_repl_offset")) >= target, {
    what: "the replica has caught up",
  });
}

const hostAndPort = ({ url }: RedisServer): [string, number] => {
  const { hostname, port } = new URL(url);
  return [hostname, Number(port)];
};

async function asked<Answer>(
  { url }: RedisServer,
  question: (redis: Redis) => Promise<Answer>,
): Promise<Answer> {
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on("error", () => {});
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}
