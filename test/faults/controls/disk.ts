import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { mountForgetfulDisk, syncDirectory, type ForgetfulDisk, type Keeps } from "../rig/forgetful-disk.ts";
import type { Control } from "./plan.ts";

/** A program that does or does not see to it that its files outlive a power cut, and what must be left of them. */
type Program = {
  name: string;
  keeps: Keeps;
  run: (dir: string) => Promise<void>;
  left: Record<string, string>;
};

const NEW = "new ".repeat(2_000);
const OLD = "old ".repeat(1_000);

async function write(path: string, text: string, { sync }: { sync: boolean }): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.write(text);
    if (sync) await file.sync();
  } finally {
    await file.close();
  }
}

/** Files `synced`, with its name, and `both`, which stays as it was. */
async function begin(dir: string): Promise<void> {
  await write(join(dir, "synced"), OLD, { sync: true });
  await write(join(dir, "both"), OLD, { sync: true });
  await syncDirectory(dir);
}

const PROGRAMS: readonly Program[] = [
  {
    name: "a file that is written over without fsync is as it was, one with fsync is new",
    keeps: "strict",
    run: async (dir) => {
      await write(join(dir, "both"), NEW, { sync: false });
      await write(join(dir, "synced"), NEW, { sync: true });
    },
    left: { both: OLD, synced: NEW },
  },
  {
    name: "a file whose directory is synced and that is not itself is empty",
    keeps: "strict",
    run: async (dir) => {
      await write(join(dir, "named"), NEW, { sync: false });
      await syncDirectory(dir);
    },
    left: { both: OLD, synced: OLD, named: "" },
  },
  {
    name: "names that were made, changed and removed without fsync of the directory are as they were",
    keeps: "strict",
    run: async (dir) => {
      await write(join(dir, "made"), NEW, { sync: true });
      await rename(join(dir, "both"), join(dir, "renamed"));
      await rm(join(dir, "synced"));
      await mkdir(join(dir, "directory"));
    },
    left: { both: OLD, synced: OLD },
  },
  {
    name: "names that were made, changed and removed with fsync of the directory are new",
    keeps: "strict",
    run: async (dir) => {
      await write(join(dir, "made"), NEW, { sync: true });
      await rename(join(dir, "both"), join(dir, "renamed"));
      await rm(join(dir, "synced"));
      await syncDirectory(dir);
    },
    left: { made: NEW, renamed: OLD },
  },
  {
    name: "as on ext4, fsync of a file brings the names before it",
    keeps: "ordered",
    run: async (dir) => {
      await rename(join(dir, "both"), join(dir, "renamed"));
      await write(join(dir, "made"), NEW, { sync: true });
    },
    left: { made: NEW, renamed: OLD, synced: OLD },
  },
];

/** The disk itself: each program must be left with exactly what it has seen to. */
export async function diskControls(): Promise<Control[]> {
  const controls: Control[] = [];
  const disk = await mountForgetfulDisk();
  try {
    for (const [index, program] of PROGRAMS.entries()) {
      const seen = await runProgram(disk, program, String(index)).catch(
        (error: unknown) => (error as Error).message,
      );
      controls.push({ bug: program.name, caught: seen === null, seen: seen ?? `disk: ${program.keeps}` });
    }
  } finally {
    await disk.remove();
  }
  return controls;
}

/** `null`, or what was left instead. */
async function runProgram(disk: ForgetfulDisk, program: Program, name: string): Promise<string | null> {
  const dir = join(disk.dir, name);
  await mkdir(dir);
  await begin(dir);
  await syncDirectory(disk.dir);
  await program.run(dir);
  await disk.losePower({ keeps: program.keeps, seed: 1 });
  const names = await readdir(dir);
  const left = await Promise.all(
    names.map(async (one) => [one, await readFile(join(dir, one), "utf8")] as const),
  );
  const told = (files: ReadonlyArray<readonly [string, string]>): string =>
    files
      .map(([one, text]) => `${one}: ${text === "" ? "empty" : text.slice(0, 3)} ${text.length}`)
      .toSorted()
      .join(", ");
  return told(left) === told(Object.entries(program.left)) ? null : told(left);
}
