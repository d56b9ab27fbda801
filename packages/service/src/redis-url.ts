import type { RedisOptions } from "ioredis";
import { prefixOf } from "@fio/contracts";
import { clusterConnector, slotOf, type Address } from "./redis-cluster.ts";

const SENTINEL =
  /^redis(?<tls>s?)\+sentinel:\/\/(?:(?<user>[^@/]*)@)?(?<hosts>[^/?#]+)\/(?<path>[^?#]*)(?:\?(?<query>[^#]*))?$/;
const CLUSTER =
  /^redis(?<tls>s?)\+cluster:\/\/(?:(?<user>[^@/]*)@)?(?<hosts>[^/?#]+)\/?(?:\?(?<query>[^#]*))?$/;
const SENTINEL_PORT = 26_379;
const REDIS_PORT = 6_379;

/**
 * Parses a `REDIS_URL`. Throws an error whose message says what is wrong, without the password.
 *
 * - `redis://[user:password@]host[:port][/db]`, `rediss://…` over TLS
 * - `redis+sentinel://[user:password@]host[:port],host[:port]/name[/db]`, `rediss+sentinel://…` over TLS throughout;
 *   `?sentinelUsername=…&sentinelPassword=…` for sentinels that ask for a password of their own
 * - `redis+cluster://[user:password@]host[:port],host[:port]`: a Redis Cluster, by some of its nodes; `rediss+cluster://…`
 *
 * `?family=4` or `6` chooses which addresses of a name are used. In a cluster `partition` says whose primary is meant.
 */
export function redisOptions(url: string, { partition = 0 }: { partition?: number } = {}): RedisOptions {
  if (/^rediss?\+sentinel:/.test(url)) return sentinelOptions(url);
  if (/^rediss?\+cluster:/.test(url)) return clusterOptions(url, slotOf(prefixOf(partition)));
  const parsed = parse(url, /^rediss?:\/\//);
  const host = hostOf(parsed.hostname);
  return {
    host,
    port: parsed.port === "" ? REDIS_PORT : Number(parsed.port),
    db: databaseOf(parsed.pathname.slice(1)),
    ...userOf(parsed),
    ...familyOf(parsed.searchParams),
    ...(parsed.protocol === "rediss:" ? { tls: {} } : {}),
  };
}

/** The hosts of a `REDIS_URL` as they may be shown: without user and password. */
export function redisHosts(url: string): string {
  const { host, port, sentinels, name } = redisOptions(url);
  const cluster = CLUSTER.exec(url)?.groups?.["hosts"];
  if (cluster !== undefined) return `the cluster of ${cluster}`;
  if (sentinels === undefined) return `${host}:${port}`;
  return `${name} by ${sentinels.map((sentinel) => `${sentinel.host}:${sentinel.port}`).join(", ")}`;
}

function sentinelOptions(url: string): RedisOptions {
  const parts = SENTINEL.exec(url)?.groups;
  if (parts === undefined)
    throw new Error(`must be redis+sentinel://host:26379,host:26379/name-of-the-primary`);
  const [name = "", db = "", ...rest] = (parts["path"] ?? "").split("/");
  if (name === "" || rest.length > 0)
    throw new Error("must name the primary: redis+sentinel://host,host/name");
  const sentinels = addressesOf(parts["hosts"] ?? "", SENTINEL_PORT);
  const query = new URLSearchParams(parts["query"] ?? "");
  const of = (key: "sentinelUsername" | "sentinelPassword") => {
    const value = query.get(key);
    return value === null ? {} : { [key]: value };
  };
  return {
    sentinels,
    name: decodeURIComponent(name),
    db: databaseOf(db),
    ...userBefore(parts["user"]),
    ...of("sentinelUsername"),
    ...of("sentinelPassword"),
    ...familyOf(query),
    ...(parts["tls"] === "" ? {} : { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
  };
}

function clusterOptions(url: string, slot: number): RedisOptions {
  const parts = CLUSTER.exec(url)?.groups;
  // Without a database: a cluster has but one.
  if (parts === undefined) throw new Error("must be redis+cluster://host:6379,host:6379");
  return {
    Connector: clusterConnector(addressesOf(parts["hosts"] ?? "", REDIS_PORT), slot),
    ...userBefore(parts["user"]),
    ...familyOf(new URLSearchParams(parts["query"] ?? "")),
    ...(parts["tls"] === "" ? {} : { tls: {} }),
  };
}

const addressesOf = (hosts: string, otherwise: number): Address[] =>
  hosts.split(",").map((address) => {
    const { hostname, port } = parse(`redis://${address}`, /^/);
    return { host: hostOf(hostname), port: port === "" ? otherwise : Number(port) };
  });

const userBefore = (user: string | undefined): RedisOptions =>
  userOf(parse(`redis://${user === undefined ? "" : `${user}@`}host`, /^/));

function parse(url: string, scheme: RegExp): URL {
  if (!scheme.test(url))
    throw new Error("must begin with redis://, rediss://, redis+sentinel:// or redis+cluster://");
  // The wrong part may be the password, so the text is not repeated.
  if (!URL.canParse(url))
    throw new Error("is not a valid URL: write #, /, [ and % in the password as %23, %2F, %5B and %25");
  const parsed = new URL(url);
  if (parsed.hash !== "") throw new Error("must not contain #: write it as %23 in a password");
  if (parsed.hostname === "") throw new Error("must name a host");
  return parsed;
}

/** Brackets are part of a URL, not of an IPv6 address. */
const hostOf = (hostname: string): string => hostname.replace(/^\[|\]$/g, "");

function databaseOf(text: string): number {
  if (!/^\d{0,4}$/.test(text)) throw new Error("must end with a database number or nothing");
  return Number(text);
}

function userOf({ username, password }: URL): RedisOptions {
  try {
    return {
      ...(username === "" ? {} : { username: decodeURIComponent(username) }),
      ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    };
  } catch {
    throw new Error("contains a % in its user or password that is not written as %25");
  }
}

function familyOf(query: URLSearchParams): RedisOptions {
  const family = query.get("family");
  if (family === null) return {};
  if (family !== "4" && family !== "6") throw new Error("family must be 4 or 6");
  return { family: Number(family) };
}
