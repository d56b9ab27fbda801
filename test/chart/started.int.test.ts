import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../scripts/lib/run.ts";
import { PROCESSES, ROOT, type ProcessName } from "../../scripts/lib/services.ts";
import { startRedis, type RedisServer } from "../support/redis-server.ts";
import { creation } from "../support/events.ts";
import { serviceProcess, type ServiceProcess } from "../support/service-process.ts";
import { hubSignature } from "../support/sign.ts";
import { until } from "../support/until.ts";
import { findHelm } from "./support/find-helm.ts";
import type { Environment } from "./support/parts.ts";
import { podsOf, secretFilesOf, type Container, type Pod } from "./support/pods.ts";
import { render } from "./support/render.ts";

/* Each part started as the chart has it, without a cluster: its command, its environment, the files of its own Secret. */

const helm = await findHelm();

const VALUES = {
  image: { repository: "registry.example.com/fio" },
  settings: {
    PUBLIC_URL: "https://fio.example.com",
    TRUSTED_PROXIES: "uniquelocal",
    MAX_BACKLOG: 2_000_000,
    RETENTION_DAYS: 365,
    WHATSAPP_NUMBERS: "106540352242922",
    OIDC_ISSUER: "https://accounts.google.com",
    OIDC_CLIENT_ID: "fio",
  },
  whatsapp: { enabled: true },
  command: { run: "agent", arguments: ["add", "ana@example.com", "Ana Lima", "--admin"] },
};

const PARTS: Record<string, ProcessName> = {
  ingest: "ingest",
  worker: "conversations",
  api: "conversations",
  web: "web",
  whatsapp: "whatsapp",
};

/** Every Secret that has a key has the same under it. */
const valueOf = (key: string): string => `the-secret-called-${key}`;

describe.skipIf(helm === null)("as the chart has it", () => {
  let directory: string;
  let redis: RedisServer;
  let pods: Pod[];
  const running = new Map<string, ServiceProcess>();

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "fio-started-"));
    redis = await startRedis();
    pods = podsOf(await render(helm, VALUES));
  });
  afterAll(async () => {
    for (const one of running.values()) await one.stop();
    await redis.remove();
    await rm(directory, { recursive: true, force: true });
  });

  const podOf = (part: string): Pod => pods.find((pod) => pod.part === part)!;

  /** Its environment, with what it takes from the image, and files and addresses as they are on this machine. */
  async function environmentOf(pod: Pod, container: Container): Promise<Environment> {
    const secrets: Environment = {
      redis_url: redis.url,
      database_url: `sqlite:${join(directory, "fio.db")}`,
      whatsapp_token: "a token of Meta's",
    };
    const files = join(directory, container.name);
    await mkdir(files, { recursive: true });
    for (const { key } of Object.values(secretFilesOf(pod, container))) {
      await writeFile(join(files, key), secrets[key] ?? valueOf(key));
    }
    const named = container.env.map(({ name, value }): [string, string] => [
      name,
      value
        .replace(/^\/run\/fio\//, `${files}/`)
        .replace(/^http:\/\/fio-(\w+):\d+/, (address, part: string) => running.get(part)?.url ?? address),
    ]);
    return {
      ...{ NODE_ENV: "production", HOST: "127.0.0.1" },
      ...Object.fromEntries(named),
      // Theirs are taken by each other here.
      OPERATIONS_PORT: "0",
    };
  }

  /** A command that ends by itself. */
  async function ran(part: string): Promise<{ code: number; output: string }> {
    const pod = podOf(part);
    const container = pod.containers.find(({ name }) => name === part)!;
    const [, entry = ""] = container.command;
    const env = { PATH: process.env["PATH"] ?? "", ...(await environmentOf(pod, container)) };
    return run(process.execPath, [join(ROOT, entry), ...container.args], { cwd: ROOT, env, limitMs: 30_000 });
  }

  test("the migration makes the schema, and ends", async () => {
    const { code, output } = await ran("migrate");
    expect(code, output).toBe(0);
    expect(output).toContain("the schema is up to date");
  });

  test("an account is made, with a link to where agents reach the app", async () => {
    const { code, output } = await ran("agent");
    expect(code, output).toBe(0);
    expect(output).toContain("https://fio.example.com/");
  });

  test.each(Object.entries(PARTS))("%s starts, and answers what it is asked", async (part, service) => {
    const pod = podOf(part);
    const [container] = pod.spec.containers;
    expect(container!.command).toEqual(["node", PROCESSES[service].entry]);
    const dataDir = join(directory, `data-${part}`);
    const env = await environmentOf(pod, container!);
    const started = await serviceProcess({ service, name: part, dataDir, env });
    running.set(part, started);
    await started.start();
    for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"] as const) {
      const { path } = container![probe]!.httpGet;
      // By the pod's own address, as a cluster asks: the app answers no other path of that host.
      expect((await fetch(`${started.url}${path}`)).status, `${probe} ${path}`).toBe(200);
    }
  });

  test("a conversation that a sender signs is read by whoever has a token, and by nobody else", async () => {
    const event = creation();
    const body = JSON.stringify(event);
    const post = (secret: string) =>
      fetch(`${running.get("ingest")!.url}/webhook/`, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...hubSignature(body, secret) },
        body,
      });
    expect((await post(valueOf("web_secrets_of_others"))).status).toBe(401);
    expect((await post(valueOf("webhook_secrets"))).status).toBe(202);
    const read = async (token: string) =>
      (
        await fetch(`${running.get("api")!.url}/conversations/${event.data["id"]}/`, {
          headers: { Authorization: `Bearer ${token}` },
        })
      ).status;
    await until(async () => (await read(valueOf("api_tokens"))) === 200, { what: "it is there" });
    expect(await read("a-token-of-somebody-else")).toBe(401);
  });

  test.each(Object.keys(PARTS))("%s ends by itself within its time", async (part) => {
    const { spec } = podOf(part);
    const drain = spec.containers[0]?.lifecycle?.preStop.exec.command[1] ?? 0;
    const begun = performance.now();
    expect(await running.get(part)!.stop()).toBe(0);
    expect(performance.now() - begun).toBeLessThan((spec.terminationGracePeriodSeconds! - drain) * 1_000);
  });
});
