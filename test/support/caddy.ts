import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/lib/run.ts";
import { ROOT } from "../../scripts/lib/services.ts";
import { until } from "./until.ts";

/** The proxy of compose, on this machine. */
export type Caddy = { end: () => Promise<void> };

/** A caddy on the PATH, or the one of Debian's package unpacked under `directory`; `null` where neither can be had. */
export async function findCaddy(directory: string): Promise<string | null> {
  if ((await run("caddy", ["version"])).code === 0) return "caddy";
  mkdirSync(directory, { recursive: true });
  const got = await run("apt-get", ["download", "caddy"], { cwd: directory, limitMs: 60_000 });
  const file = readdirSync(directory).find((name) => name.endsWith(".deb"));
  if (got.code !== 0 || file === undefined) return null;
  const unpacked = await run("dpkg-deb", ["-x", file, "unpacked"], { cwd: directory });
  return unpacked.code === 0 ? join(directory, "unpacked/usr/bin/caddy") : null;
}

/** Starts it with the Caddyfile of compose; resolves once it takes connections. */
export async function startCaddy({
  program,
  directory,
  env,
}: {
  program: string;
  directory: string;
  env: Record<string, string>;
}): Promise<Caddy> {
  const config = ["--config", join(ROOT, "docker/caddy/Caddyfile"), "--adapter", "caddyfile"];
  const child = spawn(program, ["run", ...config], {
    // Where it keeps its certificates.
    env: {
      PATH: process.env["PATH"],
      HOME: directory,
      XDG_DATA_HOME: directory,
      XDG_CONFIG_HOME: directory,
      ...env,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stderr.on("data", (text: Buffer) => (told += text.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await until(
    () => {
      if (child.exitCode !== null) throw new Error(`caddy ended:\n${told}`);
      return told.includes("serving initial configuration");
    },
    { what: "caddy serves", limitMs: 60_000 },
  );
  return {
    end: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
