import { fault, ok, warning, type Finding } from "./finding.ts";
import type { DiskReading } from "./picture.ts";

const LITTLE = 2 * 2 ** 30;
const NOTHING = 256 * 2 ** 20;

export const checkDisks = (disks: readonly DiskReading[]): Finding[] => disks.map(checkDisk);

function checkDisk({ path, freeBytes }: DiskReading): Finding {
  const text = `${(freeBytes / 2 ** 30).toFixed(1)} GiB left under ${path}`;
  const todo =
    "Make room, or a larger disk: when it is full, Redis takes no more events and the database no more messages.";
  if (freeBytes < NOTHING) return fault("disk", text, todo);
  return freeBytes < LITTLE ? warning("disk", text, todo) : ok("disk", text);
}
