import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const onLinux = process.platform === "linux";
/** Linux counts in hundredths of a second, whatever its kernel ticks at. */
const TICKS = 100;

/** Seconds of processor time that a process has used so far; 0 for one that is gone. */
export function cpuSeconds(pid: number): number {
  try {
    if (!onLinux)
      return secondsOf(execFileSync("ps", ["-o", "time=", "-p", String(pid)], { encoding: "utf8" }));
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, "").trim().split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return 0;
  }
}

/** `[[days-]hours:]minutes:seconds[.hundredths]`, as ps writes it. */
export function secondsOf(time: string): number {
  const [days, clock] = time.includes("-") ? time.split("-") : ["0", time];
  return (clock ?? "")
    .trim()
    .split(":")
    .reduce(
      (sum, part, index, parts) => sum + Number(part) * 60 ** (parts.length - 1 - index),
      Number(days) * 86_400,
    );
}

/** Resident memory in bytes; 0 for a process that is gone. */
export function residentBytes(pid: number): number {
  try {
    if (!onLinux)
      return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) * 1_024;
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

/** Calls of write(2) and its like so far; `null` where the system does not count them, or not for us. */
export function writeCalls(pid: number): number | null {
  try {
    const calls = /^syscw: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1];
    return calls === undefined ? null : Number(calls);
  } catch {
    return null;
  }
}
