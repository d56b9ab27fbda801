import { demand } from "./demand.ts";
import type { ForgetfulDisk, Forgotten, Keeps } from "./rig/forgetful-disk.ts";
import type { Rig } from "./rig/rig.ts";

/** kill -9 of all that runs on the disk and beside it; then the disk forgets what was not synced. */
export async function losePower(rig: Rig, keeps: Keeps): Promise<Forgotten> {
  await Promise.all([rig.system.kill(), rig.postgres?.kill(), rig.store.close()]);
  return forgetfulOf(rig).losePower({ keeps, seed: rig.random.int(2 ** 31) });
}

/** As a machine does that has power again. */
export async function startAll({ postgres, system }: Rig): Promise<void> {
  await postgres?.start();
  await system.start();
}

function forgetfulOf({ forgetful }: Rig): ForgetfulDisk {
  demand(forgetful !== undefined, "this rig cannot lose power");
  return forgetful;
}
