import { describe, expect, test } from "vitest";
import { redisHosts, redisOptions } from "./redis-url.ts";

test("a cluster is named by some of its nodes, and has no databases", () => {
  const { Connector, ...rest } = redisOptions("rediss+cluster://fio:a%40b@one,[::1]:7001/?family=6");
  expect(Connector).toBeTypeOf("function");
  expect(rest).toEqual({ username: "fio", password: "a@b", family: 6, tls: {} });
  expect(redisHosts("redis+cluster://fio:secret@one,two:7001")).toBe("the cluster of one,two:7001");
  for (const wrong of ["redis+cluster://", "redis+cluster://one/2", "redis+cluster://one:port"]) {
    expect(() => redisOptions(wrong)).toThrow(/^(must|is not)/);
  }
});

describe("a REDIS_URL leads to", () => {
  test.each([
    ["redis://127.0.0.1", { host: "127.0.0.1", port: 6379, db: 0 }],
    ["redis://[::1]:7000/2", { host: "::1", port: 7000, db: 2 }],
    ["redis://:p%40ss@redis:6380", { host: "redis", port: 6380, db: 0, password: "p@ss" }],
    [
      "redis://fio:secret@redis?family=6",
      { host: "redis", port: 6379, db: 0, username: "fio", password: "secret", family: 6 },
    ],
    ["rediss://redis.example", { host: "redis.example", port: 6379, db: 0, tls: {} }],
    [
      "redis+sentinel://one:7001,two,[::1]:7003/mymaster",
      {
        sentinels: [
          { host: "one", port: 7001 },
          { host: "two", port: 26379 },
          { host: "::1", port: 7003 },
        ],
        name: "mymaster",
        db: 0,
      },
    ],
    [
      "rediss+sentinel://fio:a%2Cb@one/mymaster/3?sentinelPassword=quiet",
      {
        sentinels: [{ host: "one", port: 26379 }],
        name: "mymaster",
        db: 3,
        username: "fio",
        password: "a,b",
        sentinelPassword: "quiet",
        tls: {},
        sentinelTLS: {},
        enableTLSForSentinelMode: true,
      },
    ],
  ])("%s", (url, options) => {
    expect(redisOptions(url)).toEqual(options);
  });
});

test.each([
  ["redis://[", "is not a valid URL"],
  ["redis://", "host"],
  ["redis://u:se#cret@redis", "%23"],
  ["redis://redis:notaport", "is not a valid URL"],
  ["redis://redis/name", "database number"],
  ["redis://u:100%@redis", "%25"],
  ["redis://redis?family=5", "family"],
  ["http://redis", "must begin with redis://"],
  ["redis+sentinel://one,two", "name-of-the-primary"],
  ["redis+sentinel://one,two/", "must name the primary"],
  ["redis+sentinel://one,[/mymaster", "is not a valid URL"],
])("%s is refused, and the reason says how to write it", (url, reason) => {
  expect(() => redisOptions(url)).toThrow(reason);
  expect(() => redisOptions(url)).not.toThrow("cret");
});

test("what is shown of it has no password", () => {
  expect(redisHosts("redis://fio:secret@redis:6380/1")).toBe("redis:6380");
  expect(redisHosts("redis+sentinel://fio:secret@one,two:7002/mymaster")).toBe(
    "mymaster by one:26379, two:7002",
  );
});
