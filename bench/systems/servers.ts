import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { startPostgres } from "../../test/support/postgres-server.ts";
import { startFio } from "./fio.ts";
import { startRival } from "./rival.ts";
import type { PostgresMeter } from "../measure/meter.ts";
import type { Lopsided } from "../../services/conversations/src/store/testing/lopsided.ts";
import type { Subject } from "../plan/cells.ts";
import type { System } from "./system.ts";

/** The one Postgres that all share, each with a database of its own; and what starts a service beside it. */
export type Servers = {
  versions: { redis: string; postgres: string };
  meter: PostgresMeter;
  /** `env`: more for Fio's own processes. */
  start: (subject: Subject, filled?: Lopsided, env?: Record<string, string>) => Promise<System>;
  remove: () => Promise<void>;
};

/** As its documentation says of memory for a machine that does other things too; what makes commits durable stays as it is. */
const SETTINGS = ["shared_buffers=512MB", "max_wal_size=4GB", "max_connections=400"];

export async function startServers(): Promise<Servers> {
  const server = await startPostgres({ settings: SETTINGS });
  const createDatabase = (): Promise<string> => server.createDatabase(`bench-${randomUUID()}`);
  const client = new pg.Client({ connectionString: await createDatabase() });
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>("show server_version");
  const redis = execFileSync(process.env["FIO_REDIS_SERVER"] ?? "redis-server", ["--version"], {
    encoding: "utf8",
  });
  return {
    versions: {
      redis: `Redis ${/v=(\S+)/.exec(redis)?.[1] ?? "unknown"}`,
      postgres: `Postgres ${rows[0]?.server_version ?? "unknown"}`,
    },
    meter: {
      pid: Number(readFileSync(join(server.dir, "data/postmaster.pid"), "utf8").split("\n")[0]),
      client,
    },
    start: (subject, filled, env = {}) =>
      subject.kind === "rival"
        ? startRival({ ...subject, createDatabase })
        : startFio({
            ...subject,
            ...{ createDatabase, env },
            ...(subject.big === true && filled !== undefined ? { filled } : {}),
          }),
    remove: async () => {
      await client.end();
      await server.remove();
    },
  };
}
