import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../lib/run.ts";
import { which } from "../lib/which.ts";
import { redisBinary, type RedisProgram } from "./program.ts";

type Options = { dataDir: string; say: (line: string) => void };

/**
 * Debian's package: installed by root, unpacked under the data directory by others; `null` where it is not available.
 */
export async function debianRedis({ dataDir, say }: Options): Promise<RedisProgram | null> {
  if (which("apt-get") === null) return null;
  return process.getuid?.() === 0 ? installed(say) : unpacked({ dataDir, say });
}

async function installed(say: Options["say"]): Promise<RedisProgram | null> {
  say("Installing Debian's redis-server package");
  // A run level without services: the package must not start a Redis of its own on the standard port.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const install = () => run("apt-get", ["install", "-y", "--no-install-recommends", "redis-server"], { env });
  if ((await install()).code !== 0) {
    await run("apt-get", ["update"], { env });
    await install();
  }
  const path = which("redis-server");
  return path === null ? null : redisBinary(path, `${path}, Debian's package installed just now`);
}

async function unpacked({ dataDir, say }: Options): Promise<RedisProgram | null> {
  const directory = join(dataDir, "redis-debian");
  const program = join(directory, "redis-server");
  const how = `Debian's package, unpacked under ${directory}`;
  if (existsSync(program)) return redisBinary(program, how);
  say("Downloading Debian's redis-server package (unpacked, not installed, since this is not root)");

  const downloads = join(directory, "packages");
  const root = join(directory, "root");
  await mkdir(downloads, { recursive: true });
  // Package lists of our own: those of the machine may be missing, and only root may fetch them.
  const own = await ownLists(join(directory, "apt"));
  const packages = (await missingPackages([])) ?? (await missingPackages(own));
  if (packages === null) return null;
  for (const options of [[], own]) {
    const fetched = await run("apt-get", [...options, "download", ...packages], { cwd: downloads });
    if (fetched.code === 0) break;
  }
  for (const file of await readdir(downloads)) {
    if (file.endsWith(".deb")) await run("dpkg-deb", ["-x", join(downloads, file), root]);
  }
  if (!existsSync(join(root, "usr/bin/redis-server"))) return null;
  await writeFile(program, launcher(root));
  await chmod(program, 0o755);
  return redisBinary(program, how);
}

/** What apt would install for redis-server on this machine, or `null` when it does not know the package. */
async function missingPackages(options: string[]): Promise<string[] | null> {
  if (options.length > 0) await run("apt-get", [...options, "update"]);
  const plan = await run("apt-get", [...options, "-s", "install", "--no-install-recommends", "redis-server"]);
  const names = [...plan.output.matchAll(/^Inst (\S+)/gm)].flatMap(([, name]) => name ?? []);
  return plan.code === 0 && names.length > 0 ? names : null;
}

async function ownLists(directory: string): Promise<string[]> {
  await mkdir(join(directory, "lists/partial"), { recursive: true });
  await mkdir(join(directory, "cache/archives/partial"), { recursive: true });
  return [
    ...["-o", `Dir::State::lists=${join(directory, "lists")}`],
    ...["-o", `Dir::Cache=${join(directory, "cache")}`],
    ...["-o", "Debug::NoLocking=true"],
  ];
}

function launcher(root: string): string {
  return `#!/bin/sh
for directory in "${root}"/usr/lib/*-linux-gnu "${root}"/lib/*-linux-gnu; do
  LD_LIBRARY_PATH="$directory:$LD_LIBRARY_PATH"
done
export LD_LIBRARY_PATH
exec "${root}/usr/bin/redis-server" "$@"
`;
}
