import { createConnection } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { AbstractConnector, Redis, type RedisOptions } from "ioredis";
import { backoffMs } from "./backoff.ts";

export type Address = { host: string; port: number };

const SLOTS = 16_384;
/** CRC16 as Redis reckons it (XMODEM). */
const POLYNOMIAL = 0x1021;

/** The hash slot of every key whose name begins with this hash tag in braces: `CLUSTER KEYSLOT {fio}`. */
export function slotOf(prefix: string): number {
  let sum = 0;
  for (const byte of Buffer.from(prefix.slice(1, -1))) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 0x8000 ? ((sum << 1) ^ POLYNOMIAL) & 0xffff : sum << 1;
  }
  return sum % SLOTS;
}

const ASK_MS = 1_500;
const NOBODY_KNOWS = { firstMs: 100, longestMs: 1_000 };

/**
 * What a node says of its cluster, from the text of `CLUSTER NODES`: who is the primary of `slot`. `asked` stands in for an
 * address that it does not know.
 */
export function readNodes(
  text: string,
  asked: Address,
  slot: number,
): { primary: Address | null; nodes: Address[] } {
  const known = text
    .split("\n")
    .map((line) => line.trim().split(" "))
    .filter((fields) => fields.length >= 8)
    .map(([, place = "", flags = "", , , , , , ...slots]) => ({
      address: addressIn(place, asked),
      flags: flags.split(","),
      slots,
    }))
    .filter(({ flags }) => !flags.includes("noaddr") && !flags.includes("handshake"));
  const primary = known.find(
    ({ flags, slots }) =>
      flags.includes("master") && !flags.includes("fail") && slots.some((range) => holds(range, slot)),
  );
  return { primary: primary?.address ?? null, nodes: known.map(({ address }) => address) };
}

/** `10.0.0.1:6379@16379,name`: the name, where there is one, is what a certificate holds. */
function addressIn(place: string, asked: Address): Address {
  const [at = "", name = ""] = place.split(",");
  const [, ip = "", port = ""] = /^(.*):(\d+)(?:@\d+)?$/.exec(at) ?? [];
  return { host: name || ip || asked.host, port: Number(port) || asked.port };
}

function holds(range: string, slot: number): boolean {
  // `[…]` is a slot on its way; who has it is told apart.
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
  return from !== undefined && Number(from) <= slot && slot <= Number(to ?? from);
}

type Options = Pick<RedisOptions, "username" | "password" | "tls" | "family" | "disconnectTimeout">;

/**
 * Connects to the node of a Redis Cluster that is the primary of the keys of one slot. It asks the nodes in turn, each time beginning
 * with another one: one that has just come back, or was cut off, knows less than the others.
 */
export function clusterConnector(
  seeds: readonly Address[],
  slot: number,
): NonNullable<RedisOptions["Connector"]> {
  return class ClusterConnector extends AbstractConnector {
    readonly #options: Options;
    #nodes: Address[] = [...seeds];

    constructor(options: unknown) {
      super((options as Options).disconnectTimeout ?? 2_000);
      this.#options = options as Options;
    }

    override async connect(): Promise<ReturnType<typeof createConnection>> {
      this.connecting = true;
      const primary = await this.#find();
      if (primary === null) throw new Error("Connection is closed.");
      const { tls, family } = this.#options;
      const to = { ...primary, ...(family === undefined ? {} : { family }) };
      this.stream = tls === undefined ? createConnection(to) : connectTls({ ...to, ...tls });
      return this.stream;
    }

    /** Without end, since ioredis gives a connection up whose connector does; `null` once it is not wanted any more. */
    async #find(): Promise<Address | null> {
      for (let tries = 1; ; tries += 1) {
        for (const node of this.#nodes) {
          const text = await askNodes(node, this.#options);
          if (!this.connecting) return null;
          if (text === null) continue;
          const { primary, nodes } = readNodes(text, node, slot);
          this.#learn(nodes, node);
          if (primary !== null) return primary;
        }
        await sleep(backoffMs(tries, NOBODY_KNOWS));
        if (!this.connecting) return null;
      }
    }

    /** The one that was asked comes last the next time. Those of the setting stay: all others may be gone by then. */
    #learn(nodes: readonly Address[], asked: Address): void {
      const textOf = ({ host, port }: Address): string => `${host} ${port}`;
      const all = new Map([...nodes, ...seeds].map((node) => [textOf(node), node]));
      all.delete(textOf(asked));
      this.#nodes = [...all.values(), asked];
    }
  };
}

/** `null` when it does not answer. */
async function askNodes({ host, port }: Address, options: Options): Promise<string | null> {
  const { username, password, tls, family } = options;
  const redis = new Redis({
    ...{ host, port, lazyConnect: true, enableReadyCheck: false, enableOfflineQueue: false },
    ...{ connectTimeout: ASK_MS, commandTimeout: ASK_MS, maxRetriesPerRequest: 0 },
    ...(username == null ? {} : { username }),
    ...(password == null ? {} : { password }),
    ...(tls === undefined ? {} : { tls }),
    ...(family === undefined ? {} : { family }),
    retryStrategy: () => null,
  });
  redis.on("error", () => {});
  try {
    await redis.connect();
    return String(await redis.call("CLUSTER", "NODES"));
  } catch {
    return null;
  } finally {
    redis.disconnect();
  }
}
