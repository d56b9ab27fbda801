import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../scripts/lib/run.ts";
import { ROOT } from "../scripts/lib/services.ts";
import { composeProject, untilReady } from "../test/compose/project.ts";
import { printedSecrets } from "../test/compose/secrets.ts";
import { request } from "../test/support/client.ts";
import { creation } from "../test/support/events.ts";
import { freePort } from "../test/support/redis-server.ts";
import { hubSignature } from "../test/support/sign.ts";
import { until } from "../test/support/until.ts";
import { say, sayMachine } from "./support/figures.ts";

/*
 * Kills each container of compose once, while a sender posts, and tells which alerts would fire, what the doctor says, and how
 * soon all is well once the container is started again. The alerts are those of monitoring/, judged by a real Prometheus without
 * the time that they wait (`for`). Needs a Docker engine and `prometheus`; removes all that it made.
 *
 *   node bench/drill.ts
 */

const WATCHED = ["ingest", "worker", "api", "web"];
const KILLED = ["redis", "postgres", ...WATCHED];
/** How long a part stays away. */
const AWAY_MS = 25_000;

const directory = await mkdtemp(join(tmpdir(), "fio-drill-"));
const project = await composeProject();
let prometheus: ChildProcess | undefined;
try {
  sayMachine();
  await project.compose("build", "secrets");
  await project.compose("up", "--detach");
  const ready = (): Promise<void> => untilReady(project.ingestUrl, project.webUrl);
  await ready();
  const { WEBHOOK_SECRETS: secret = "" } = await printedSecrets(project);
  const promUrl = await startPrometheus();
  const post = async (): Promise<number> => {
    const body = JSON.stringify(creation());
    const headers = hubSignature(body, secret);
    return request(`${project.ingestUrl}/webhook/`, { body, headers, limitMs: 5_000 }).then(
      ({ status }) => status,
      () => 0,
    );
  };
  const firing = async (): Promise<string[]> => {
    const { body } = await request<{ data: { alerts: Array<{ labels: Record<string, string> }> } }>(
      `${promUrl}/api/v1/alerts`,
    );
    const names = body.data.alerts.map(({ labels }) =>
      [labels["alertname"], labels["job"]].filter((one) => one !== undefined).join(" "),
    );
    return [...new Set(names)].sort();
  };
  await until(async () => (await firing()).length === 0, {
    ...{ what: "no alert fires", limitMs: 180_000, everyMs: 1_000 },
  });

  say(`| killed | senders get | alerts | the doctor | well again after |`);
  say(`| --- | --- | --- | --- | --- |`);
  for (const service of KILLED) {
    const { Id: id } = (await project.inspect()).get(service) ?? { Id: "" };
    await run("docker", ["kill", id]);
    const answers = new Map<number, number>();
    const end = performance.now() + AWAY_MS;
    while (performance.now() < end) {
      await sleep(500);
      const status = await post();
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
    const alerts = await firing();
    const page = await project.compose("run", "--rm", "doctor").catch(String);
    const started = performance.now();
    await run("docker", ["start", id]);
    await writeTargets();
    await ready();
    await until(async () => (await post()) === 202, { what: "a sender is answered 202", limitMs: 120_000 });
    const seconds = (performance.now() - started) / 1_000;
    const said = page.split("\n").filter((line) => /^[X!] /.test(line));
    say(
      `| ${service} | ${[...answers.keys()].map((status) => (status === 0 ? "nothing" : status)).join(", ")} | ` +
        `${alerts.join(", ") || "none"} | ${said.map((line) => line.trim()).join("<br>") || "ok"} | ${seconds.toFixed(1)} s |`,
    );
    await until(async () => (await firing()).length === 0, {
      ...{ what: `no alert fires after ${service} is back`, limitMs: 400_000, everyMs: 1_000 },
    });
  }
} finally {
  prometheus?.kill();
  await project.remove();
  await rm(directory, { recursive: true, force: true });
}

/** Where each part's metrics are: containers may come back under another address. */
async function writeTargets(): Promise<void> {
  const containers = await project.inspect();
  const targets = WATCHED.map((job) => {
    const networks = Object.values(containers.get(job)?.NetworkSettings.Networks ?? {});
    const address = networks.map(({ IPAddress }) => IPAddress).find((one) => one !== "");
    return { labels: { job }, targets: address === undefined ? [] : [`${address}:9464`] };
  });
  await writeFile(join(directory, "targets.json"), JSON.stringify(targets));
}

/** A part whose store is away takes a second for its metrics: it is not down. */
async function startPrometheus(): Promise<string> {
  const rules = await readFile(join(ROOT, "monitoring/alerts.yml"), "utf8");
  await writeFile(join(directory, "alerts.yml"), rules.replaceAll(/^( +for:) .*$/gm, "$1 0s"));
  await writeTargets();
  await writeFile(
    join(directory, "prometheus.yml"),
    `global: { scrape_interval: 3s, scrape_timeout: 3s, evaluation_interval: 1s }
rule_files: [alerts.yml]
scrape_configs:
  - job_name: fio
    file_sd_configs: [{ files: [targets.json], refresh_interval: 1s }]
`,
  );
  const address = `127.0.0.1:${await freePort()}`;
  prometheus = spawn(
    "prometheus",
    [
      `--config.file=${join(directory, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(directory, "data")}`,
      `--web.listen-address=${address}`,
    ],
    { stdio: "ignore" },
  );
  await until(async () => (await fetch(`http://${address}/-/ready`).catch(() => null))?.status === 200, {
    ...{ what: "Prometheus is ready", limitMs: 60_000 },
  });
  return `http://${address}`;
}
