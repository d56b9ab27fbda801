import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** The ids of all processes below `pid`, as they are now. */
export function descendants(pid: number): number[] {
  const below = new Map<number, number[]>();
  for (const [child, parent] of parents()) below.set(parent, [...(below.get(parent) ?? []), child]);
  const found: number[] = [];
  for (let next = below.get(pid) ?? []; next.length > 0; next = next.flatMap((one) => below.get(one) ?? [])) {
    found.push(...next);
  }
  return found;
}

function parents(): Array<[number, number]> {
  if (process.platform !== "linux") {
    return execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  }
  // Not ps: a bare Debian has none.
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // The name of the program stands in brackets and may hold blanks; the parent is the second field after it.
        const fields = readFileSync(`/proc/${name}/stat`, "utf8").replace(/^.*\)/s, "").trim().split(" ");
        return [[Number(name), Number(fields[1])] as [number, number]];
      } catch {
        return [];
      }
    });
}

/** False for a zombie too: one whose parent was killed may never be collected. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/^.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
