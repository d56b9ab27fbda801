import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { run } from "../../../scripts/lib/run.ts";
import { until } from "../../support/until.ts";

/** A file system that holds what was not fsynced apart, names too, and forgets it when it loses power. */
export type ForgetfulDisk = {
  dir: string;
  /** Nothing may have a file of it open. What `seed` decides is only what the disk took without being asked. */
  losePower: (options: { keeps: Keeps; seed: number }) => Promise<Forgotten>;
  remove: () => Promise<void>;
};

/**
 * `strict`: what was synced, and names whose directory was; what POSIX promises. `ordered`: every fsync brings all names
 * before it, as on ext4 (data=ordered), and by chance some sectors of what was not synced are there, too.
 */
export type Keeps = "strict" | "ordered";

export type Forgotten = { bytes: number; names: number };

/** Debian's, for which it has the module; another one may come first on the path. */
const PYTHON = "/usr/bin/python3";
const MOUNT = fileURLToPath(new URL("./forgetful-disk/mount.py", import.meta.url));
const GIVE_UP_MS = 30_000;

/** Why there can be none on this machine; `null` when there can. */
export async function noForgetfulDisk(): Promise<string | null> {
  const module = await run(PYTHON, ["-c", "import pyfuse3"]);
  if (module.code !== 0) return `${PYTHON} has no pyfuse3 (on Debian: apt-get install python3-pyfuse3)`;
  const disk = await mountForgetfulDisk().catch((error: unknown) => (error as Error).message);
  if (typeof disk === "string") return `FUSE cannot be mounted: ${disk}`;
  await disk.remove();
  return null;
}

export async function mountForgetfulDisk(): Promise<ForgetfulDisk> {
  const dir = await mkdtemp(join(tmpdir(), "fio-forgetful-disk-"));
  const child = spawn(PYTHON, ["-B", MOUNT, dir], { stdio: ["pipe", "pipe", "pipe"] });
  const gone = once(child, "close");
  let errors = "";
  child.stderr.on("data", (text: Buffer) => (errors = `${errors}${text.toString()}`.slice(-2_000)));
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done !== true) return line.value;
    await gone;
    throw new Error(errors.trim().split("\n").at(-1) ?? "it ended");
  };
  const unmount = (): Promise<unknown> =>
    until(async () => (await run("umount", [dir])).code === 0, {
      what: `nothing on ${dir} is open`,
      limitMs: GIVE_UP_MS,
    });
  const end = async (): Promise<void> => {
    child.stdin.end();
    await gone;
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await said();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    dir,
    losePower: async ({ keeps, seed }) => {
      await unmount();
      child.stdin.write(`${keeps} ${seed}\n`);
      const forgotten = JSON.parse(await said()) as Forgotten;
      await said();
      return forgotten;
    },
    remove: async () => {
      await unmount().catch(() => run("umount", ["--lazy", dir]));
      await end();
    },
  };
}

/** From now on its names are on the disk. */
export async function syncDirectory(dir: string): Promise<void> {
  const directory = await open(dir);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
