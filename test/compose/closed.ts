import { expect, test } from "vitest";
import type { Project } from "./project.ts";

/*
 * Each part holds only what it needs: asked inside the running containers, as whoever broke into one would.
 */

const PARTS = ["ingest", "worker", "api", "web", "redis", "postgres"];

/** Files of secrets, by part. */
const FILES: Record<string, string> = {
  ingest: "redis_url web_secrets webhook_secrets",
  worker: "database_url delivery_secrets redis_url",
  api: "api_tokens database_url redis_url",
  web: "api_tokens web_secrets",
  redis: "users.acl",
  postgres: "postgres_password",
};

/** Runs a statement with what the part itself has, and prints the SQLSTATE that it fails with. */
const SQL = `
const { readFileSync } = require("node:fs");
const url = readFileSync(process.env.DATABASE_URL_FILE, "utf8").trim();
const client = new (require("pg").Client)({ connectionString: url });
client.connect()
  .then(() => client.query(process.argv[1]))
  .then(({ rows }) => console.log("done " + JSON.stringify(rows)), (error) => console.log("refused " + error.code))
  .finally(() => client.end());
`;

/** Sends a command to Redis with what the part itself has. */
const REDIS = `
const { readFileSync } = require("node:fs");
const url = readFileSync(process.env.REDIS_URL_FILE, "utf8").trim();
const redis = new (require("ioredis").Redis)(url, { retryStrategy: null });
redis.on("error", () => {});
redis.call(...process.argv.slice(1))
  .then((answer) => console.log("done " + answer), (error) => console.log("refused " + error.message.split(" ")[0]))
  .finally(() => redis.disconnect());
`;

/** Says whether an address can be reached within two seconds. */
const REACH = `
const socket = require("node:net").connect(Number(process.argv[2]), process.argv[1]);
const end = (word) => { console.log(word); process.exit(); };
socket.once("connect", () => end("reached")).once("error", () => end("not reached"));
setTimeout(() => end("not reached"), 2000);
`;

/** Of a running project, with `secrets` as they are printed. */
export function eachPartHoldsOnlyWhatItNeeds(
  running: () => { project: Project; secrets: Record<string, string> },
): void {
  const inside = async (service: string, ...command: string[]): Promise<string> =>
    (await running().project.inside(service, ...command)).output.trim();

  test.each(PARTS)("%s is no root, has no capabilities, and writes to its own volume alone", async (part) => {
    const { project } = running();
    const status = await inside(part, "cat", "/proc/1/status");
    expect(status).toMatch(/^Uid:\t[1-9]/m);
    expect(status).toMatch(/^CapEff:\t0+$/m);
    expect(status).toMatch(/^CapBnd:\t0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect((await project.inside(part, "touch", "/etc/x")).code).not.toBe(0);
    expect((await project.inside(part, "touch", "/run/fio/x")).code).not.toBe(0);
    const own = (await project.inspect()).get(part)?.Mounts.filter(({ RW }) => RW);
    expect(own?.map(({ Destination }) => Destination) ?? []).toEqual(
      { redis: ["/data"], postgres: ["/var/lib/postgresql"] }[part] ?? [],
    );
  });

  test.each(PARTS)("%s has its own secrets and no others", async (part) => {
    const { project, secrets } = running();
    expect((await inside(part, "ls", "/run/fio")).split("\n").join(" ")).toBe(FILES[part]);
    const files = (FILES[part] ?? "").split(" ").map((name) => `/run/fio/${name}`);
    const known = `${await inside(part, "cat", ...files)}\n${await inside(part, "env")}`;
    const allowed: Record<string, string[]> = {
      ingest: ["WEBHOOK_SECRETS", "WEB_SECRETS"],
      api: ["API_TOKENS"],
      web: ["API_TOKENS", "WEB_SECRETS"],
      worker: ["DELIVERY_SECRETS"],
      postgres: ["POSTGRES_PASSWORD"],
    };
    const values = {
      ...secrets,
      POSTGRES_PASSWORD: new URL(secrets["DATABASE_ADMIN_URL"] ?? "").password,
    };
    const found = Object.entries(values).filter(([, value]) => known.includes(value));
    expect(found.map(([name]) => name).toSorted()).toEqual(allowed[part] ?? []);
    const mounts = (await project.inspect()).get(part)?.Mounts ?? [];
    expect(mounts.filter(({ Name }) => Name?.endsWith("_secrets"))).toEqual([]);
  });

  test("ingest and the web app have no way to the database, and the web app none to Redis", async () => {
    const { project } = running();
    const all = await project.inspect();
    const addressesOf = (service: string) =>
      Object.values(all.get(service)?.NetworkSettings.Networks ?? {}).map(({ IPAddress }) => IPAddress);
    const reach = (from: string, host: string, port: number) =>
      inside(from, "node", "-e", REACH, host, String(port));
    const walls = [
      ["ingest", "postgres", 5432],
      ["ingest", "api", 8001],
      ["web", "postgres", 5432],
      ["web", "redis", 6379],
    ] as const;
    // By name and by address.
    const ways = walls.flatMap(([from, service, port]) =>
      [service, ...addressesOf(service)].map((host) => ({ from, host, port })),
    );
    const found = await Promise.all(ways.map(({ from, host, port }) => reach(from, host, port)));
    expect(ways.map((way, at) => ({ ...way, found: found[at] }))).toEqual(
      ways.map((way) => ({ ...way, found: "not reached" })),
    );
    expect(await reach("ingest", "redis", 6379)).toBe("reached");
    expect(await reach("worker", "postgres", 5432)).toBe("reached");
  });

  test.each([
    ["worker", "copy messages to program 'id'"],
    ["worker", "drop table messages"],
    ["worker", "create table x (y text)"],
    ["worker", "select pg_read_file('/etc/passwd')"],
    ["api", "copy messages to program 'id'"],
    ["api", "insert into messages select * from messages"],
    ["api", "update conversations set version = 0"],
    ["api", "select * from pg_authid"],
  ])("the database refuses %s: %s", async (part, statement) => {
    expect(await inside(part, "node", "-e", SQL, statement)).toBe("refused 42501");
  });

  test("nobody but the one who makes the roles is superuser", async () => {
    for (const [part, role] of [
      ["worker", "fio_worker"],
      ["api", "fio_api"],
    ] as const) {
      const who = "select rolname, rolsuper from pg_roles where rolname = current_user";
      expect(await inside(part, "node", "-e", SQL, who)).toBe(
        `done ${JSON.stringify([{ rolname: role, rolsuper: false }])}`,
      );
    }
    const owners =
      "select distinct pg_get_userbyid(relowner) as owner from pg_class where relname in ('messages', 'knex_migrations')";
    expect(await inside("worker", "node", "-e", SQL, owners)).toBe('done [{"owner":"fio_owner"}]');
  });

  test.each(["ingest", "worker", "api"])(
    "Redis does for %s what it needs, and nothing more",
    async (part) => {
      const redis = (...command: string[]) => inside(part, "node", "-e", REDIS, ...command);
      expect(await redis("PING")).toBe("done PONG");
      for (const command of ["CONFIG SET dir /tmp", "FLUSHALL", "KEYS *", "ACL LIST", "SHUTDOWN"]) {
        expect([command, await redis(...command.split(" "))]).toEqual([command, "refused NOPERM"]);
      }
      expect(await redis("GET", "another")).toBe("refused NOPERM");
    },
  );

  test("without a password Redis says nothing", async () => {
    const asked = await inside("redis", "redis-cli", "get", "x");
    expect(asked).toContain("NOAUTH");
    expect(await inside("redis", "redis-cli", "--user", "health", "--pass", "none", "info")).toContain(
      "NOPERM",
    );
  });
}
