import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { composeCommand } from "../../scripts/lib/docker.ts";
import { run, type Finished } from "../../scripts/lib/run.ts";
import { ROOT } from "../../scripts/lib/services.ts";
import { freePort } from "../support/redis-server.ts";
import { until } from "../support/until.ts";

/** One `docker compose` project of its own: containers, volumes and image under a name that nobody else has. */
export type Project = {
  ingestUrl: string;
  webUrl: string;
  apiUrl: string;
  /** Where Meta's webhooks go, with `--profile whatsapp`. */
  whatsappUrl: string;
  /** Of metrics and documentation; published with the read API. */
  ingestOperationsUrl: string;
  apiOperationsUrl: string;
  /** `docker compose …`; throws with its output when it fails. */
  compose: (...args: string[]) => Promise<string>;
  /** The same, of another file. */
  composeOf: (file: string, ...args: string[]) => Promise<string>;
  /** The same, with the file that publishes the read API. */
  composeWithApi: (...args: string[]) => Promise<string>;
  /** The same, with these files beside. */
  composeWith: (files: string[], ...args: string[]) => Promise<string>;
  /** Process ids, as the host sees them, of what runs for a service. */
  pids: (service: string) => Promise<number[]>;
  /** Runs a program in a service's container; gives its exit code and all it wrote. */
  inside: (service: string, ...command: string[]) => Promise<Finished>;
  /** What Docker says of the project's containers, those that have ended too, by service. */
  inspect: () => Promise<Map<string, Container>>;
  /** Bytes that the image holds beyond the one it is made from. */
  imageOverBase: () => Promise<number>;
  /** Of each container: its service and the ports it publishes. */
  published: () => Promise<Array<{ service: string; ports: string }>>;
  remove: () => Promise<void>;
};

/** As Docker inspects it. */
export type Container = {
  Id: string;
  Config: { User: string; Env: string[]; Labels: Record<string, string> };
  HostConfig: { CapDrop: string[] | null; SecurityOpt: string[] | null; ReadonlyRootfs: boolean };
  Mounts: Array<{ Name?: string; Destination: string; RW: boolean }>;
  NetworkSettings: { Networks: Record<string, { IPAddress: string }> };
};

const SERVICE = "com.docker.compose.service";

/** `settings`: what an operator sets beside the ports and the name. */
export async function composeProject(settings: Record<string, string> = {}): Promise<Project> {
  const name = `fio-test-${randomBytes(4).toString("hex")}`;
  const [ingest, api, web] = [await freePort(), await freePort(), await freePort()];
  const [ingestOperations, apiOperations, whatsapp] = [await freePort(), await freePort(), await freePort()];
  const env = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    FIO_IMAGE: name,
    INGEST_PUBLISH: `127.0.0.1:${ingest}`,
    INGEST_OPERATIONS_PUBLISH: `127.0.0.1:${ingestOperations}`,
    API_OPERATIONS_PUBLISH: `127.0.0.1:${apiOperations}`,
    API_PUBLISH: `127.0.0.1:${api}`,
    WEB_PUBLISH: `127.0.0.1:${web}`,
    WHATSAPP_PUBLISH: `127.0.0.1:${whatsapp}`,
    ...settings,
  };
  const [command, ...prefix] = await composeCommand();

  const call = async (files: string[], args: string[]): Promise<string> => {
    const chosen = files.flatMap((file) => ["--file", file]);
    const all = [...prefix, ...chosen, "--project-name", name, ...args];
    const { code, output } = await run(command, all, { cwd: ROOT, env, limitMs: 600_000 });
    if (code !== 0) throw new Error(`${command} ${all.join(" ")}:\n${output.slice(-6_000)}`);
    return output;
  };
  const compose = (...args: string[]) => call(["docker-compose.yml"], args);
  const composeWith = (files: string[], ...args: string[]) => call(["docker-compose.yml", ...files], args);
  const composeOf = (file: string, ...args: string[]) => call([file], args);
  const docker = async (...args: string[]): Promise<string[]> => {
    const { output } = await run("docker", args);
    return output.split("\n").filter((line) => line !== "");
  };
  const label = `label=com.docker.compose.project=${name}`;

  const containersOf = (service: string): Promise<string[]> =>
    docker("ps", "-q", "--filter", label, "--filter", `label=${SERVICE}=${service}`);

  return {
    ingestUrl: `http://127.0.0.1:${ingest}`,
    webUrl: `http://127.0.0.1:${web}`,
    ingestOperationsUrl: `http://127.0.0.1:${ingestOperations}`,
    apiOperationsUrl: `http://127.0.0.1:${apiOperations}`,
    apiUrl: `http://127.0.0.1:${api}`,
    whatsappUrl: `http://127.0.0.1:${whatsapp}`,
    compose,
    composeOf,
    composeWithApi: (...args) => composeWith(["docker/publish-api.yml"], ...args),
    composeWith,
    pids: async (service) => {
      const ids = await containersOf(service);
      const pids = await Promise.all(ids.map((id) => docker("inspect", "--format", "{{.State.Pid}}", id)));
      return pids.flat().map(Number);
    },
    inside: async (service, ...args) => {
      const [id = "none"] = await containersOf(service);
      return run("docker", ["exec", id, ...args], { limitMs: 60_000 });
    },
    inspect: async () => {
      const ids = await docker("ps", "--all", "-q", "--filter", label);
      const { output } = await run("docker", ["inspect", ...ids]);
      const all = JSON.parse(output) as Container[];
      return new Map(all.map((one) => [one.Config.Labels[SERVICE] ?? "", one]));
    },
    imageOverBase: async () => {
      const dockerfile = await readFile(join(ROOT, "Dockerfile"), "utf8");
      const base = [...dockerfile.matchAll(/^FROM (\S+)$/gm)].at(-1)?.[1] ?? "";
      const sizes = await docker("image", "inspect", "--format", "{{.Size}}", name, base);
      return Number(sizes[0]) - Number(sizes[1]);
    },
    published: async () => {
      const format = `{{.Label "${SERVICE}"}} {{.Ports}}`;
      const lines = await docker("ps", "--filter", label, "--format", format);
      return lines.map((line) => ({
        service: line.split(" ")[0] ?? "",
        ports: [...line.matchAll(/[\d.]+:\d+->\d+/g)].map(([port]) => port).join(" "),
      }));
    },
    remove: async () => {
      await compose("down", "--volumes", "--remove-orphans", "--timeout", "5").catch(() => "");
      await docker("image", "rm", "--force", name);
    },
  };
}

/** Resolves once each of these says that it is ready. */
export async function untilReady(...urls: string[]): Promise<void> {
  for (const url of urls) {
    const answers = () =>
      fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
        ({ status }) => status === 200,
        () => false,
      );
    await until(answers, { what: `${url} is ready`, limitMs: 180_000, everyMs: 500 });
  }
}
