import { chownSync, mkdirSync } from "node:fs";
import { mkdtemp, open, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../scripts/lib/run.ts";
import type { PostgresServer } from "../../support/postgres-server.ts";
import { demand } from "../demand.ts";
import { withClient } from "./store/postgres.ts";

/** A file system of its own, so that it can be filled without harm to the machine. */
export type SmallDisk = {
  dir: string;
  /** Takes all the room that is left; resolves with the bytes that it took. */
  fill: () => Promise<number>;
  free: () => Promise<void>;
  remove: () => Promise<void>;
};

/** A tmpfs; `null` where nothing may be mounted, which takes root. */
export async function mountSmallDisk({
  bytes,
  parent = tmpdir(),
}: {
  bytes: number;
  parent?: string;
}): Promise<SmallDisk | null> {
  const dir = await mkdtemp(join(parent, "fio-small-disk-"));
  const mounted = await run("mount", ["-t", "tmpfs", "-o", `size=${bytes},mode=755`, "fio-small-disk", dir]);
  if (mounted.code !== 0) {
    await rm(dir, { recursive: true });
    return null;
  }
  const ballast = join(dir, "ballast");
  return {
    dir,
    fill: () => takeAllRoom(dir, ballast),
    free: () => rm(ballast, { force: true }),
    remove: async () => {
      await run("umount", [dir]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** For a fault that fills a disk. */
export function requireDisk(disk: SmallDisk | undefined): SmallDisk {
  demand(disk !== undefined, "no small disk could be mounted to be filled: that takes root");
  return disk;
}

/**
 * The disk as a tablespace: the log of Postgres stays on the machine's own disk, so that it stays up and every statement
 * that needs room fails, which is the harder case for those who write.
 */
export async function tablespaceOn(disk: SmallDisk, postgres: PostgresServer): Promise<string> {
  const space = join(disk.dir, "tables");
  mkdirSync(space);
  if (postgres.user !== undefined) chownSync(space, postgres.user.uid, postgres.user.gid);
  await withClient(postgres.url.replace(/\/fio$/, "/postgres"), (client) =>
    client.query(`create tablespace small_disk location '${space}'`),
  );
  return "small_disk";
}

async function takeAllRoom(dir: string, ballast: string): Promise<number> {
  const file = await open(ballast, "a");
  try {
    let taken = 0;
    const block = Buffer.alloc(2 ** 20);
    for (let size = block.length; size >= 512;) {
      try {
        taken += (await file.write(block, 0, size)).bytesWritten;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        size /= 2;
      }
    }
    const { bavail } = await statfs(dir);
    if (bavail > 0) throw new Error(`${bavail} blocks were left on the small disk`);
    return taken;
  } finally {
    await file.close();
  }
}
