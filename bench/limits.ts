import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedis } from "../test/support/redis-server.ts";
import { serviceProcess } from "../test/support/service-process.ts";
import { beside, say, sayMachine } from "./support/figures.ts";

/*
 * How long a connection may stall before each server ends it: within its headers (10 s), within a body (30 s), both
 * looked at every 2 s. A body that is read ends sooner, by its minimum rate; one that is not, 3 s after the answer. The
 * web app must be built. Takes a quarter of a minute; ends with 1 when one was late, or a sender was told 408.
 *
 *   node bench/limits.ts
 */

const dataDir = await mkdtemp(join(tmpdir(), "fio-limits-"));
const redis = await startRedis();
const env = { REDIS_URL: redis.url, DATABASE_URL: `sqlite:${join(dataDir, "fio.db")}`, LOG_LEVEL: "warn" };
const servers = await Promise.all([
  serviceProcess({ service: "ingest", dataDir, env }),
  serviceProcess({ service: "conversations", name: "worker", dataDir, env: { ...env, ROLE: "worker" } }),
  serviceProcess({ service: "conversations", name: "api", dataDir, env: { ...env, ROLE: "api" } }),
  serviceProcess({ service: "web", dataDir, env }),
]);

/** Seconds until the server closes a connection that sends only `text`, and the last status it sent. */
function stall(url: string, text: string): Promise<{ seconds: number; status: string }> {
  return new Promise((resolve) => {
    const started = performance.now();
    let heard = "";
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(text));
    socket.setEncoding("latin1").on("data", (part: string) => (heard += part));
    socket.on("error", () => {});
    socket.on("close", () => {
      const status = [...heard.matchAll(/^HTTP\/1\.1 (\d+)/gm)].at(-1)?.[1] ?? "cut";
      resolve({ seconds: (performance.now() - started) / 1_000, status });
    });
  });
}

const HEAD = "POST /webhook/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
const stalls = [
  { what: "headers that stall", text: HEAD, most: 12.5 },
  { what: "a body that stalls", text: `${HEAD}Content-Length: 1000\r\n\r\n{`, most: 32.5 },
];

try {
  for (const server of servers) await server.start();
  sayMachine();
  const met = await Promise.all(
    servers.flatMap(({ name, url }) =>
      stalls.map(async ({ what, text, most }) => {
        const { seconds, status } = await stall(url, text);
        return beside(`${name}, ${what} (answer: ${status})`, seconds, most, "s") && status !== "408";
      }),
    ),
  );
  say(met.every(Boolean) ? "every limit is what it says" : "MISSED");
  process.exitCode = met.every(Boolean) ? 0 : 1;
} finally {
  await Promise.all(servers.map((server) => server.stop()));
  await redis.remove();
  await rm(dataDir, { recursive: true, force: true });
}
