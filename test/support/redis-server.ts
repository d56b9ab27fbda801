import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";

/** A private Redis with the settings that Fio asks for, which a test may break as it likes. */
export type RedisServer = {
  url: string;
  /** Holds its append-only file. */
  dir: string;
  /** Kills it as a crash would. */
  kill: () => Promise<void>;
  /** Starts it again on the same port with the same data; resolves once it answers, or has ended again. */
  start: () => Promise<void>;
  /** Whether it runs: it may have ended by itself. */
  runs: () => boolean;
  /** The last it has written to its log. */
  lastWords: () => string;
  /** SIGSTOP: it takes connections and answers nothing. */
  pause: () => void;
  resume: () => void;
  /** Ends it and removes its data. */
  remove: () => Promise<void>;
};

const LAST_WORDS = 4_096;

/** `parent`: where its data directory is made. */
export async function startRedis({
  args = [],
  parent = tmpdir(),
}: { args?: string[]; parent?: string } = {}): Promise<RedisServer> {
  const dir = await mkdtemp(join(parent, "fio-redis-"));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let lastWords = "";
  const runs = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;

  const start = async (): Promise<void> => {
    const settings = [
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--dir",
      dir,
      "--save",
      "",
      "--appendonly",
      "yes",
    ];
    const safe = ["--appendfsync", "always", "--maxmemory", "512mb", "--maxmemory-policy", "noeviction"];
    child = spawn(process.env["FIO_REDIS_SERVER"] ?? "redis-server", [...settings, ...safe, ...args], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    child.stdout?.on("data", (text: Buffer) => {
      lastWords = `${lastWords}${text.toString()}`.slice(-LAST_WORDS);
    });
    await untilItAnswers(url, child);
  };
  const kill = async (): Promise<void> => {
    if (!runs()) return;
    const gone = new Promise((resolve) => child?.once("exit", resolve));
    child?.kill("SIGKILL");
    await gone;
  };
  await start();
  return {
    url,
    dir,
    start,
    runs,
    lastWords: () => lastWords,
    kill,
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    remove: async () => {
      await kill();
      // A rewrite of the append-only file is a child of its own, and may still write when its parent is dead.
      await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Resolves once it answers, or has ended. */
async function untilItAnswers(url: string, server: ChildProcess): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  redis.on("error", () => {});
  const exit = new Promise<"ended">((resolve) => server.once("exit", () => resolve("ended")));
  try {
    for (;;) {
      const answer = await Promise.race([exit, redis.ping().catch(() => null)]);
      if (answer === "ended" || answer === "PONG") return;
      await sleep(20);
    }
  } finally {
    redis.disconnect();
  }
}
