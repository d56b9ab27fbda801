import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterEach, expect, test } from "vitest";
import pg from "pg";
import { run } from "../../scripts/lib/run.ts";
import { ROOT } from "../../scripts/lib/services.ts";
import { startBalancer } from "../support/balancer.ts";
import { request } from "../support/client.ts";
import { creation, message, type SentEvent } from "../support/events.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { startRedis } from "../support/redis-server.ts";
import { serviceProcess, type ServiceProcess } from "../support/service-process.ts";
import { hubSignature } from "../support/sign.ts";
import { until } from "../support/until.ts";

/*
 * Compose's own steps and files, with processes of this machine: what docs/operations.md says under "Rotating secrets" is
 * done while a sender, a reader and an agent go on.
 */

const PARTS = [
  "postgres",
  "redis",
  "roles",
  "migrate",
  "ingest",
  "worker",
  "api",
  "web",
  "doctor",
  "whatsapp",
] as const;

const undo: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

test("every secret is changed while all goes on, and nobody is refused", async () => {
  const dir = await mkdtemp(join(tmpdir(), "fio-rotation-"));
  undo.push(() => rm(dir, { recursive: true, force: true }));
  for (const name of ["fio", ...PARTS.map((part) => `parts/${part}`)]) {
    mkdirSync(join(dir, name), { recursive: true });
  }
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres({ passwords: true })]);
  undo.push(redis.remove, postgres.remove);
  await postgres.createDatabase("fio");

  const fileOf = (part: string, name: string) => join(dir, "parts", part, name);
  const valueOf = (part: string, name: string) => readFileSync(fileOf(part, name), "utf8").trim();
  const secrets = async (...args: string[]): Promise<string> => {
    const script = join(ROOT, "docker/secrets.mjs");
    const { code, output } = await run(process.execPath, [script, ...args], { env: { FIO_RUN_DIR: dir } });
    expect([code, code === 0 ? "" : output]).toEqual([0, ""]);
    // The names that they have in compose.
    for (const [part, name] of [
      ...["admin", "owner", "worker", "api", "doctor"].map(
        (role) => ["roles", `database_${role}_url`] as const,
      ),
      ...(["migrate", "worker", "api", "doctor"] as const).map((part) => [part, "database_url"] as const),
      ...(["ingest", "worker", "api", "doctor"] as const).map((part) => [part, "redis_url"] as const),
    ]) {
      const at = (url: string) => new URL(url).host;
      const here = valueOf(part, name)
        .replaceAll("@postgres:5432", `@${at(postgres.url)}`)
        .replaceAll("@redis:6379", `@${at(redis.url)}`);
      replaceFile(fileOf(part, name), here);
    }
    return output;
  };
  const roles = async (): Promise<void> => {
    const env = {
      ...Object.fromEntries(
        ["OWNER", "WORKER", "API", "DOCTOR"].map((role) => [
          `${role}_DATABASE_URL_FILE`,
          fileOf("roles", `database_${role.toLowerCase()}_url`),
        ]),
      ),
      DATABASE_ADMIN_URL_FILE: fileOf("roles", "database_admin_url"),
    };
    const { code, output } = await run(
      process.execPath,
      [join(ROOT, "services/conversations/src/roles.ts")],
      {
        env,
      },
    );
    expect([code, code === 0 ? "" : output]).toEqual([0, ""]);
  };
  /** As redis-cli does with the lines. */
  const tellRedis = async (first = false): Promise<void> => {
    const [login = "", ...lines] = (await secrets("redis")).trim().split("\n");
    const [, username = "", password = ""] = login.split(" ");
    // At first there is no admin yet, and whoever comes may do anything.
    const admin = new Redis(redis.url, first ? {} : { username, password });
    try {
      for (const line of lines) {
        const [name = "", ...rest] = line.split(" ");
        // Commands of the Redis of compose, which an older one does not know.
        const known = rest.filter((word) => !["+waitaof", "+client|setinfo"].includes(word));
        expect(await admin.call(name, ...known)).toBe("OK");
      }
    } finally {
      admin.disconnect();
    }
  };

  await secrets();
  await tellRedis(true);
  await roles();
  const migrated = await run(process.execPath, [join(ROOT, "services/conversations/src/migrate.ts")], {
    env: { DATABASE_URL_FILE: fileOf("migrate", "database_url") },
  });
  expect(migrated.code).toBe(0);

  const start = async (
    part: "ingest" | "worker" | "api" | "web",
    more: Record<string, string> = {},
    name: string = part,
  ): Promise<ServiceProcess> => {
    const files: Record<string, string> = {
      ...(part === "web" ? {} : { REDIS_URL_FILE: fileOf(part, "redis_url") }),
      ...(part === "worker" || part === "api"
        ? { DATABASE_URL_FILE: fileOf(part, "database_url"), ROLE: part }
        : { WEB_SECRETS_FILE: fileOf(part, "web_secrets") }),
      ...(part === "ingest" ? { WEBHOOK_SECRETS_FILE: fileOf(part, "webhook_secrets") } : {}),
      ...(part === "api" || part === "web" ? { API_TOKENS_FILE: fileOf(part, "api_tokens") } : {}),
    };
    const service = part === "ingest" || part === "web" ? part : "conversations";
    const started = await serviceProcess({
      ...{ service, name, dataDir: join(dir, "data") },
      env: { NODE_ENV: "production", SIGN_IN: "off", ...files, ...more },
    });
    undo.push(started.kill);
    await started.start();
    return started;
  };
  const [ingests, worker, apis] = await Promise.all([
    Promise.all([start("ingest", {}, "ingest-1"), start("ingest", {}, "ingest-2")]),
    start("worker"),
    Promise.all([start("api", {}, "api-1"), start("api", {}, "api-2")]),
  ]);
  const [ingest, api] = await Promise.all([
    startBalancer(ingests.map(({ url }) => url)),
    startBalancer(apis.map(({ url }) => url)),
  ]);
  undo.push(ingest.close, api.close);
  const web = await start("web", { INGEST_URL: ingest.url, API_URL: api.url });
  const restart = async (...processes: ServiceProcess[]): Promise<void> => {
    await Promise.all(
      processes.map(async (one) => {
        await one.stop();
        await one.start();
      }),
    );
  };

  /* Three who never stop. The sender and the reader have been given their secrets by hand. */
  const held = {
    webhook: valueOf("ingest", "webhook_secrets"),
    token: valueOf("api", "api_tokens"),
  };
  const conversation = randomUUID();
  const over = new AbortController();
  const refused: string[] = [];
  const done = { sender: 0, reader: 0, agent: 0 };
  const sent: string[] = [];
  const post = (event: SentEvent) => {
    const body = JSON.stringify(event);
    return request(`${ingest.url}/webhook/`, { body, headers: hubSignature(body, held.webhook) });
  };
  expect((await post(creation(conversation))).status).toBe(202);
  const acts = {
    sender: async () => {
      const event = message(conversation);
      sent.push(event.data["id"] ?? "");
      return post(event);
    },
    reader: () =>
      request(`${api.url}/conversations/?limit=1`, { headers: { authorization: `Bearer ${held.token}` } }),
    agent: async () => {
      const event = message(conversation, { direction: "SENT" });
      // There is one web app here: while it starts agents find it closed, and try again.
      const answer = await until(
        () =>
          request(`${web.url}/data/events`, {
            body: JSON.stringify(event),
            headers: { "content-type": "application/json" },
          }).catch(() => null),
        { what: "the web app is there" },
      );
      sent.push(event.data["id"] ?? "");
      const { kind } = answer.body as { kind?: string };
      return { ...answer, status: kind === "accepted" || kind === "applied" ? 200 : `web: ${kind}` };
    },
  };
  const going = (Object.keys(acts) as Array<keyof typeof acts>).map(async (who) => {
    while (!over.signal.aborted) {
      const { status, body } = await acts[who]();
      if (status === 200 || status === 202) done[who] += 1;
      else refused.push(`${who} ${status} ${JSON.stringify(body)}`);
      await sleep(20);
    }
  });
  undo.push(async () => {
    over.abort();
    await Promise.allSettled(going);
  });
  const goesOn = async (): Promise<void> => {
    const before = { ...done };
    await until(() => (["sender", "reader", "agent"] as const).every((who) => done[who] > before[who] + 3), {
      what: "all three go on",
    });
  };
  await goesOn();
  const old = Object.fromEntries(
    [
      ["ingest", "webhook_secrets"],
      ["ingest", "web_secrets"],
      ["api", "api_tokens"],
      ["ingest", "redis_url"],
      ["worker", "redis_url"],
      ["api", "redis_url"],
      ["worker", "database_url"],
      ["api", "database_url"],
      ["migrate", "database_url"],
      ["doctor", "redis_url"],
      ["doctor", "database_url"],
    ].map(([part = "", name = ""]) => [`${part}/${name}`, valueOf(part, name)]),
  );

  // 1. Whoever asks for a secret knows the new one beside the old.
  await secrets("rotate", "begin");
  await tellRedis();
  await roles();
  await restart(ingests[0], apis[0]);
  await restart(ingests[1], apis[1]);
  await goesOn();
  // 2. Whoever brings one brings the new one: the parts, then senders and readers.
  await secrets("rotate", "use");
  await restart(ingests[0], apis[0], worker);
  await restart(ingests[1], apis[1], web);
  held.webhook = valueOf("ingest", "webhook_secrets").split(",")[0] ?? "";
  held.token = valueOf("api", "api_tokens").split(",")[0] ?? "";
  await goesOn();
  // 3. The old ones are good for nothing.
  await secrets("rotate", "end");
  await tellRedis();
  await roles();
  await restart(ingests[0], apis[0]);
  await restart(ingests[1], apis[1]);
  await goesOn();
  over.abort();
  await Promise.all(going);
  expect(refused).toEqual([]);

  for (const [path, value] of Object.entries(old)) {
    const [part = "", name = ""] = path.split("/");
    expect(valueOf(part, name)).not.toContain(value);
    expect([path, await isGood(value, { path, ingest: ingest.url, api: api.url })]).toEqual([path, false]);
    const now = valueOf(part, name);
    expect([path, await isGood(now, { path, ingest: ingest.url, api: api.url })]).toEqual([path, true]);
  }
  // All that was accepted is there, whoever's secrets it came under.
  await until(
    async () => {
      const client = new pg.Client({ connectionString: postgres.url });
      await client.connect();
      const { rows } = await client.query("select id from messages where id = any($1::uuid[])", [sent]);
      await client.end();
      return rows.length === sent.length;
    },
    { what: "every message is in the store" },
  );
}, 400_000);

/** What was written is for reading alone. */
function replaceFile(path: string, content: string): void {
  rmSync(path);
  writeFileSync(path, `${content}\n`);
}

/** Whether one comes in by it. */
async function isGood(
  value: string,
  { path, ingest, api }: { path: string; ingest: string; api: string },
): Promise<boolean> {
  if (path.endsWith("redis_url")) {
    const client = new Redis(value, {
      retryStrategy: () => null,
      lazyConnect: true,
      enableReadyCheck: false,
    });
    client.on("error", () => {});
    const answer = await client.ping().catch(() => null);
    client.disconnect();
    return answer === "PONG";
  }
  if (path.endsWith("database_url")) {
    const client = new pg.Client({ connectionString: value });
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  }
  if (path.endsWith("api_tokens")) {
    const headers = { authorization: `Bearer ${value}` };
    return (await request(`${api}/conversations/?limit=1`, { headers })).status === 200;
  }
  const body = JSON.stringify(creation());
  return (await request(`${ingest}/webhook/`, { body, headers: hubSignature(body, value) })).status === 202;
}
