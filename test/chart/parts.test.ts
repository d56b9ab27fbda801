import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { ROOT } from "../../scripts/lib/services.ts";
import { readConfig as readConversations } from "../../services/conversations/src/config.ts";
import { readConfig as readIngest } from "../../services/ingest/src/config.ts";
import { readConfig as readWeb } from "../../services/web/server/config.ts";
import { readConfig as readWhatsapp } from "../../services/whatsapp/src/config.ts";
import { CHART, PART_NAMES, partOf, secretsOf, variablesOf } from "./support/parts.ts";

/* What the Helm chart says of each part, beside the services themselves and docker-compose.yml. Renders nothing. */

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].toSorted();

const compose = z
  .object({
    services: z.record(
      z.string(),
      z.object({
        command: z.array(z.string()).optional(),
        entrypoint: z.array(z.string()).optional(),
        environment: z.record(z.string(), z.string()).default({}),
      }),
    ),
  })
  .parse(parse(read("docker-compose.yml"), { merge: true })).services;

const schema = z
  .object({
    properties: z.object({
      settings: z.object({ properties: z.record(z.string(), z.unknown()) }),
      optionalSecrets: z.object({
        properties: z.record(z.string(), z.object({ items: z.object({ enum: z.array(z.string()) }) })),
      }),
    }),
  })
  .parse(JSON.parse(read("deploy/helm/fio/values.schema.json"))).properties;

describe.each(PART_NAMES)("%s", (name) => {
  const part = partOf(name);
  const service = compose[name]!;

  test("is given no variable that it does not read", () => {
    const given = [
      ...part.settings,
      ...secretsOf(part),
      ...Object.keys(part.fixed),
      ...[...part.calls, ...part.asks].map((called) => `${called.toUpperCase()}_URL`),
      ...(part.port === undefined ? [] : ["OPERATIONS_PORT"]),
    ];
    const known = variablesOf(name);
    expect(known.size).toBeGreaterThan(2);
    expect(given.filter((variable) => !known.has(variable))).toEqual([]);
  });

  test("runs what it runs in compose", () => {
    expect(["node", part.command]).toEqual(service.entrypoint ?? service.command);
  });

  test("knows what it knows in compose", () => {
    const secrets = secretsOf(part);
    const known = new Set([...secrets, ...part.settings, ...Object.keys(part.fixed), "OPERATIONS_PORT"]);
    for (const called of [...part.calls, ...part.asks]) known.add(`${called.toUpperCase()}_URL`);
    // The exporter reads it from the environment alone, and nobody needs it in a cluster of their own.
    known.add("OTEL_EXPORTER_OTLP_HEADERS");
    const variables = Object.keys(service.environment).map((variable) => variable.replace(/_FILE$/, ""));
    expect(variables.filter((variable) => !known.has(variable))).toEqual([]);
  });

  test("reads from files of its own whatever compose gives it in files", () => {
    const files = Object.keys(service.environment).flatMap(
      (variable) => /^(.+)_FILE$/.exec(variable)?.[1] ?? [],
    );
    expect(secretsOf(part)).toEqual(expect.arrayContaining(files));
    expect(part.settings.filter((setting) => files.includes(setting))).toEqual([]);
  });
});

test("ports are those that the services take by themselves", () => {
  const needed = { REDIS_URL: "redis://redis" };
  const ports = {
    ingest: readIngest(needed).port,
    worker: readConversations(needed).port,
    api: readConversations(needed).port,
    web: readWeb({}).port,
    whatsapp: readWhatsapp(needed).port,
  };
  expect(Object.fromEntries(Object.keys(ports).map((name) => [name, partOf(name as "ingest").port]))).toEqual(
    ports,
  );
});

test("each part has the time to stop that it takes itself", () => {
  const running = PART_NAMES.filter((name) => partOf(name).port !== undefined);
  expect(running).toEqual(["ingest", "worker", "api", "web", "whatsapp"]);
  for (const name of running) {
    const [, limit = ""] = /limitMs: ([^\n]+),/.exec(read(partOf(name).command)) ?? [];
    const limits = [...limit.matchAll(/\d[\d_]*/g)].map(([number]) => Number(number.replaceAll("_", "")));
    expect(partOf(name).stops, name).toBe(Math.max(...limits) / 1_000);
  }
});

test("values.yaml may set every setting that a part reads, and no secret", () => {
  const settings = Object.keys(schema.settings.properties);
  const read = PART_NAMES.flatMap((name) => partOf(name).settings);
  expect(sorted(settings)).toEqual(sorted(read));
  const secrets = PART_NAMES.flatMap((name) => secretsOf(partOf(name)));
  expect(settings.filter((setting) => secrets.includes(setting))).toEqual([]);
  for (const [name, { items }] of Object.entries(schema.optionalSecrets.properties)) {
    expect(sorted(items.enum.map((key) => key.toUpperCase()))).toEqual(sorted(partOf(name as "api").mayHave));
  }
});

test("the chart is of this version of Fio", () => {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(read("package.json")));
  expect(parse(read("deploy/helm/fio/Chart.yaml"))).toMatchObject({ version, appVersion: version });
});

test("workers are counted by a metric that there is, in a state that it has", () => {
  const { rules } = z
    .object({
      rules: z.object({
        external: z.tuple([
          z.object({ seriesQuery: z.string(), name: z.object({ as: z.string() }), metricsQuery: z.string() }),
        ]),
      }),
    })
    .parse(parse(read("deploy/prometheus-adapter.yaml")));
  const [{ seriesQuery, name, metricsQuery }] = rules.external;
  const [, metric = "none"] = /^(\w+)\{/.exec(seriesQuery) ?? [];
  const [, state = "none"] = /state="(\w+)"/.exec(metricsQuery) ?? [];
  const row = read("docs/metrics.md")
    .split("\n")
    .find((line) => line.startsWith(`| \`${metric}\``));
  expect(row).toContain("worker");
  expect(row).toContain(state);
  const values: unknown = parse(readFileSync(join(CHART, "values.yaml"), "utf8"));
  expect(values).toMatchObject({ autoscaling: { worker: { metric: name.as } } });
});

test("docs/kubernetes.md names the Secret of each part, and every key in it", () => {
  const rows = [...read("docs/kubernetes.md").matchAll(/^\| `fio-(\w+)` +\| (.+) \|$/gm)];
  const told = Object.fromEntries(
    rows.map(([, name = "", keys = ""]) => [
      name,
      sorted([...keys.matchAll(/`([a-z_]+)`/g)].map(([, key = ""]) => key)),
    ]),
  );
  const own = PART_NAMES.filter((name) => partOf(name).secretOf === undefined);
  expect(told).toEqual(
    Object.fromEntries(
      own.map((name) => [name, sorted(secretsOf(partOf(name)).map((key) => key.toLowerCase()))]),
    ),
  );
});
