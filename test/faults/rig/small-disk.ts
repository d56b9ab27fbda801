import { chownSync, mkdirSync } from "node:fs";
import { open, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../scripts/lib/run.ts";
import type { PostgresServer } from "../../support/postgres-server.ts";
import { withClient } from "./store/postgres.ts";

/** A file system of its own for tables, so that it can be filled without harm to the machine. */
export type SmallDisk = {
  tablespace: string;
  /** Takes all the room that is left; resolves with the bytes that it took. */
  fill: () => Promise<number>;
  free: () => Promise<void>;
  remove: () => Promise<void>;
};

const TABLESPACE = "small_disk";

/**
 * A tmpfs beside the cluster, as a tablespace: the log of Postgres stays on the machine's own disk, so that it stays
 * up and every statement that needs room fails, which is the harder case for those who write. `null` where nothing may
 * be mounted, which takes root.
 */
export async function smallDisk({
  postgres,
  bytes,
}: {
  postgres: PostgresServer;
  bytes: number;
}): Promise<SmallDisk | null> {
  const dir = join(postgres.dir, "small-disk");
  mkdirSync(dir);
  const mounted = await run("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "fio-small-disk", dir]);
  if (mounted.code !== 0) return null;
  const space = join(dir, "tables");
  mkdirSync(space);
  if (postgres.user !== undefined) chownSync(space, postgres.user.uid, postgres.user.gid);
  await withClient(postgres.url.replace(/\/fio$/, "/postgres"), (client) =>
    client.query(`create tablespace ${TABLESPACE} location '${space}'`),
  );
  const ballast = join(dir, "ballast");
  return {
    tablespace: TABLESPACE,
    fill: () => takeAllRoom(dir, ballast),
    free: () => rm(ballast, { force: true }),
    remove: async () => {
      await run("umount", [dir]);
    },
  };
}

async function takeAllRoom(dir: string, ballast: string): Promise<number> {
  const file = await open(ballast, "w");
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
