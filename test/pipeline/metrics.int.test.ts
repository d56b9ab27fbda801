import { readFile, readdir } from "node:fs/promises";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { ROOT } from "../../scripts/lib/services.ts";
import { serviceProcess, type ServiceProcess } from "../support/service-process.ts";

/** What each role exports: name, type and the states or reasons apart. */
const exported = new Map<string, Set<string>>();
let dataDir: string;
const processes: ServiceProcess[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "fio-metrics-"));
  const env = { REDIS_URL: inject("redisUrl"), DATABASE_URL: `sqlite:${join(dataDir, "fio.db")}` };
  const delivery = { DELIVERY_URL: "http://127.0.0.1:1/", DELIVERY_SECRETS: "a secret of sixteen bytes" };
  const roles = [
    { role: "ingest", service: "ingest", own: { INGEST_PROCESSES: "2" } },
    {
      role: "worker",
      service: "conversations",
      own: { ROLE: "worker", RETENTION_DAYS: "3650", ...delivery },
    },
    { role: "api", service: "conversations", own: { ROLE: "api" } },
    { role: "web", service: "web", own: {} },
    {
      role: "whatsapp",
      service: "whatsapp",
      own: {
        WHATSAPP_TOKEN: "a token",
        WHATSAPP_NUMBERS: "106540352242922",
        DELIVERY_SECRETS: "what Fio signs its deliveries with",
      },
    },
  ] as const;
  for (const { role, service, own } of roles) {
    const one = await serviceProcess({ service, name: role, dataDir, env: { ...env, ...own } });
    processes.push(one);
    await one.start();
    const text = await (await fetch(`${one.url}/metrics`)).text();
    exported.set(role, new Set([...text.matchAll(/^# TYPE (fio_\w+) /gm)].map(([, name]) => name as string)));
  }
});
afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  await rm(dataDir, { recursive: true, force: true });
});

/** Documents, dashboards and rules for alerts; not the code, and not what the databases of tests are called. */
async function documents(): Promise<string[]> {
  const found = (await readdir(ROOT, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(md|ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return found.filter((path) => !/node_modules|test-results|\.data|\/\.git\//.test(path));
}

/** The series of a histogram have names of their own. */
const isExported = (name: string, all: ReadonlySet<string>): boolean =>
  all.has(name) || all.has(name.replace(/_(bucket|sum|count)$/, ""));

/** Of Postgres, and named like metrics. */
const LOGINS = ["fio_worker_second"];

test("every metric that a document, a dashboard or a rule names is exported by some role", async () => {
  const all = new Set([...exported.values()].flatMap((names) => [...names]));
  const unknown: string[] = [];
  for (const path of await documents()) {
    const text = await readFile(path, "utf8");
    for (const [name] of text.matchAll(
      /\bfio_(?:build|ingest|partition|queue|redis|worker|api|stream|backfill|web|delivery|retention|whatsapp)_\w+/g,
    )) {
      if (!LOGINS.includes(name) && !isExported(name, all))
        unknown.push(`${path.slice(ROOT.length)}: ${name}`);
    }
  }
  expect(unknown).toEqual([]);
});

test("docs/metrics.md names every metric of every role, and says which exports it", async () => {
  const text = await readFile(join(ROOT, "docs/metrics.md"), "utf8");
  const named = [...text.matchAll(/^\| `(fio_\w+)[^|]*\| ([^|]+)\|/gm)].flatMap(([, name, roles]) =>
    roles!.split(",").map((role) => `${role.trim()} ${name}`),
  );
  const real = [...exported].flatMap(([role, names]) => [...names].map((name) => `${role} ${name}`));
  expect(named.toSorted()).toEqual(real.toSorted());
});

test("ingest and worker export the queue's gauges alike", () => {
  const ofQueue = (role: string) =>
    [...exported.get(role)!].filter((name) => /^fio_(queue|redis)_/.test(name));
  expect(ofQueue("ingest").length).toBeGreaterThan(3);
  expect(ofQueue("worker")).toEqual(ofQueue("ingest"));
});
