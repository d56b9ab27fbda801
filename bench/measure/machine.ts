import { execFileSync } from "node:child_process";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { cpus, loadavg, release, tmpdir, totalmem, type } from "node:os";
import { join } from "node:path";
import { quantile } from "../support/figures.ts";

/** What every figure depends on. */
export type Machine = {
  cpu: string;
  cores: number;
  memoryGiB: number;
  /** Milliseconds that the disk needs to sync 4 KiB, median of 200. */
  fsyncMs: number;
  kernel: string;
  node: string;
  redis: string;
  postgres: string;
  /** Of the repository, with a plus when something in it was not committed. */
  commit: string;
  /** Of the minute before the bench. */
  loadBefore: number;
};

export function describeMachine({ redis, postgres }: { redis: string; postgres: string }): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: totalmem() / 2 ** 30,
    fsyncMs: fdatasyncMs(),
    kernel: `${type()} ${release()}`,
    node: process.version,
    redis,
    postgres,
    commit: commitOf(),
    loadBefore: loadavg()[0] ?? NaN,
  };
}

/** Of a file in the same directory for temporary files as that of the servers. */
export function fdatasyncMs(): number {
  const dir = mkdtempSync(join(tmpdir(), "fio-fsync-"));
  const file = openSync(join(dir, "file"), "a");
  const times = Array.from({ length: 200 }, () => {
    const started = performance.now();
    writeSync(file, Buffer.alloc(4_096));
    fdatasyncSync(file);
    return performance.now() - started;
  });
  closeSync(file);
  rmSync(dir, { recursive: true });
  return quantile(times, 0.5);
}

function commitOf(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return `${git("rev-parse", "--short", "HEAD")}${git("status", "--porcelain") === "" ? "" : "+"}`;
  } catch {
    return "unknown";
  }
}
