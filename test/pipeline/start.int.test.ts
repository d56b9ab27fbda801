import { randomUUID } from "node:crypto";
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ROOT } from "../../scripts/lib/services.ts";
import { tryPort } from "../../scripts/lib/ports.ts";
import { answers } from "../../scripts/redis/private.ts";
import { clientOf } from "../support/client.ts";
import { runCommand, type Command } from "../support/command.ts";
import { close, creation, message } from "../support/events.ts";
import { freePort } from "../support/redis-server.ts";
import { until } from "../support/until.ts";

let dataDir: string;
let env: Record<string, string>;
let ingestUrl: string;
let apiUrl: string;
const commands: Command[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "fio-start-"));
  const [ingest, api, web] = [await freePort(), await freePort(), await freePort()];
  ingestUrl = `http://127.0.0.1:${ingest}`;
  apiUrl = `http://127.0.0.1:${api}`;
  env = {
    DATA_DIR: dataDir,
    INGEST_PORT: String(ingest),
    CONVERSATIONS_PORT: String(api),
    WEB_PORT: String(web),
  };
});
afterEach(async () => {
  for (const command of commands.splice(0)) {
    command.kill("SIGTERM");
    await command.ended;
  }
  await rm(dataDir, { recursive: true, force: true });
});

function start(more: Record<string, string> = {}): Command {
  const command = runCommand("npm", ["start", "--silent"], { ...env, ...more });
  commands.push(command);
  return command;
}
type Notes = { pid: number; ports: number[]; redisPort: number };
const notes = async (): Promise<Notes> =>
  JSON.parse(await readFile(join(dataDir, "start.json"), "utf8")) as Notes;

async function nothingIsLeft({ ports, redisPort }: Notes): Promise<boolean> {
  const free = await Promise.all(ports.map((port) => tryPort(port)));
  return free.every((port) => typeof port === "number") && !(await answers(redisPort));
}

test("npm start shows where everything is, Ctrl-C ends all of it within 10 s, and what was written is there next time", async () => {
  const first = start();
  await first.shows("Fio is ready");
  for (const setting of ["INGEST_PORT", "CONVERSATIONS_PORT", "WEB_PORT"]) {
    expect(first.stdout()).toContain(`http://127.0.0.1:${env[setting]}`);
  }
  expect(first.stdout()).toMatch(/Redis +private, port \d+: \S+redis-server/);
  const page = await fetch(`http://127.0.0.1:${env["WEB_PORT"]}/`);
  expect(page.status).toBe(200);

  const fio = clientOf({ ingestUrl, apiUrl });
  const c = randomUUID();
  expect((await fio.post(creation(c), { wait: 10 })).status).toBe(201);
  expect((await fio.post(message(c), { wait: 10 })).status).toBe(201);
  // The web app has a secret by which ingest knows it, and nobody else has.
  const closed = randomUUID();
  await fio.post([creation(closed), close(closed)], { wait: 10 });
  const late = await fio.post(message(closed), { wait: 10 });
  const seen = await fetch(`http://127.0.0.1:${env["WEB_PORT"]}/data/rejections`, {
    method: "POST",
    body: new URLSearchParams({ act: "seen", receipt: String(late.body["receipt"]) }),
  });
  expect(await seen.json()).toEqual({ kind: "seen" });
  expect((await fio.rejections("?unresolved=true")).body).toEqual([]);
  expect((await fio.history(closed)).body[0]?.event.type).toBe("RESOLVE_REJECTION");

  const left = await notes();
  const before = performance.now();
  first.ctrlC();
  await first.ended;
  expect(performance.now() - before).toBeLessThan(10_000);
  expect(await nothingIsLeft(left)).toBe(true);

  const again = performance.now();
  const second = start();
  await second.shows("Fio is ready");
  // Ten seconds is the promise on a quiet machine.
  expect(performance.now() - again).toBeLessThan(30_000);
  expect((await fio.conversation(c)).body).toMatchObject({ state: "OPEN", message_count: 1 });
}, 180_000);

test("a second start with the same data is told where the first one is", async () => {
  await start().shows("Fio is ready");
  const second = start();
  expect(await second.ended).toBe(1);
  expect(second.stderr().trim().split("\n")).toHaveLength(1);
  expect(second.stderr()).toContain(`http://127.0.0.1:${env["WEB_PORT"]}`);
}, 120_000);

test("a taken port is told in one line that says what to do", async () => {
  const other = createServer().listen(Number(env["WEB_PORT"]), "127.0.0.1");
  await once(other, "listening");
  const command = start();
  expect(await command.ended).toBe(1);
  expect(command.stderr().trim()).toMatch(/^WEB_PORT: port \d+ .* taken .*WEB_PORT=\d+ npm start$/);
  other.close();
}, 60_000);

test.each([
  ["WEB_PORT", "eight thousand"],
  ["REDIS_URL", "localhost:6379"],
  ["REDIS_URL", "redis://127.0.0.1:1"],
  ["DATABASE_URL", "mysql://localhost/fio"],
  ["WEBHOOK_MAX_BYTES", "1 MiB"],
  ["WAIT_GRACE_SECONDS", "soon"],
  ["LOG_LEVEL", "loud"],
  ["NODE_ENV", "prod"],
  ["HOST", "nohost.invalid"],
  ["HOST", "192.0.2.1"],
  ["REDIS_URL", "redis://["],
  ["DATABASE_URL", "postgres://fio:pa#ss@127.0.0.1/fio"],
  ["DATA_DIR", "/dev/null"],
  ["DATA_DIR", "/proc"],
])(
  "a wrong %s is told in one line",
  async (setting, value) => {
    const command = start({ [setting]: value });
    expect(await command.ended).toBe(1);
    const lines = command.stderr().trim().split("\n");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(setting);
  },
  60_000,
);

test("npm start works in a folder with an odd name, and behind a proxy that knows nothing of this machine", async () => {
  const folder = join(dataDir, "C# 100%");
  const parts = [
    "package.json",
    "package-lock.json",
    "tsconfig.base.json",
    "scripts",
    "packages",
    "services",
  ];
  for (const part of parts) {
    const filter = (path: string): boolean => !/\/build$/.test(path);
    await cp(join(ROOT, part), join(folder, part), { recursive: true, filter });
  }
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const command = runCommand(
    "npm",
    ["start", "--silent"],
    { ...env, NODE_USE_ENV_PROXY: "1", HTTP_PROXY: nobody, HTTPS_PROXY: nobody },
    { cwd: folder },
  );
  commands.push(command);
  // It builds the app first.
  await command.shows("Fio is ready", 150_000);
  const page = await fetch(`http://127.0.0.1:${env["WEB_PORT"]}/`);
  expect(page.status).toBe(200);
  expect((await clientOf({ ingestUrl, apiUrl }).post(creation(), { wait: 10 })).status).toBe(201);
}, 240_000);

test("a service that is killed is started again, and the operator sees it", async () => {
  const command = start();
  await command.shows("Fio is ready");
  const pid = Number(/"pid":(\d+)/.exec(await readFile(join(dataDir, "logs/ingest.log"), "utf8"))?.[1]);
  process.kill(pid, "SIGKILL");
  await command.shows("ingest exited unexpectedly (SIGKILL); restarting it in 1 s");
  await command.shows("ingest is ready again");
  const fio = clientOf({ ingestUrl, apiUrl });
  expect((await fio.post(creation(), { wait: 10 })).status).toBe(201);
}, 120_000);

test("kill -9 of the start itself leaves nothing that holds up the next one", async () => {
  const first = start();
  await first.shows("Fio is ready");
  const fio = clientOf({ ingestUrl, apiUrl });
  const c = randomUUID();
  expect((await fio.post(creation(c), { wait: 10 })).status).toBe(201);
  const left = await notes();
  process.kill(left.pid, "SIGKILL");
  await first.ended;

  const second = start();
  await second.shows("Fio is ready");
  expect(await answers(left.redisPort)).toBe(false);
  expect((await fio.conversation(c)).status).toBe(200);
  expect((await fio.post(message(c), { wait: 10 })).status).toBe(201);
}, 180_000);

test("a SIGTERM that reaches npm alone, as from a supervisor, ends everything within 10 s", async () => {
  const command = start();
  await command.shows("Fio is ready");
  const left = await notes();
  command.kill("SIGTERM");
  await until(() => nothingIsLeft(left), { what: "nothing is left", limitMs: 10_000 });
}, 120_000);

test("two clones run side by side with other ports and data", async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), "fio-start-"));
  try {
    const first = start();
    const second = start({
      DATA_DIR: elsewhere,
      INGEST_PORT: "0",
      CONVERSATIONS_PORT: "0",
      WEB_PORT: "0",
    });
    await Promise.all([first.shows("Fio is ready"), second.shows("Fio is ready")]);
    second.ctrlC();
    await second.ended;
    await until(async () => (await fetch(`${ingestUrl}/readyz`)).status === 200, {
      what: "the first is ready",
    });
  } finally {
    await rm(elsewhere, { recursive: true, force: true });
  }
}, 180_000);
