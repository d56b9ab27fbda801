import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { clearInterval, setInterval } from "node:timers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { keepLoopbackDirect } from "../../packages/service/src/keep-loopback-direct.mjs";
import { installIfStale } from "./install.mjs";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Installs what the lock file says, then runs `script` (a path below the root) with the Node that it pins: in this
 * process when that Node is already running it, else as a child whose exit code is passed on.
 */
export async function runWithPinnedNode(script) {
  keepLoopbackDirect(process.env);
  if (Number(process.versions.node.split(".")[0]) < 20) {
    fail(`Node.js ${process.versions.node} is too old: install version 20 or later`);
  }
  const installed = await installIfStale(ROOT);
  if (installed !== null) fail(installed);

  const name = process.platform === "win32" ? "node.exe" : "node";
  const pinned = join(ROOT, "node_modules", "node", "bin", name);
  if (!existsSync(pinned)) {
    fail(`node_modules lacks its own Node.js: allow the install script of the package "node" and run npm ci`);
  }
  endWithNpm();
  // Child processes find it on the PATH as `node`, however this was started.
  process.env.PATH = `${join(ROOT, "node_modules", ".bin")}:${process.env.PATH}`;

  if (realpathSync(process.execPath) === realpathSync(pinned)) {
    await import(pathToFileURL(join(ROOT, script)).href);
    return;
  }
  // A URL: `--import` takes a path for one, and `#` or `%` in it would mean something else.
  const guard = pathToFileURL(join(ROOT, "scripts", "lib", "end-with-parent.mjs")).href;
  const child = spawn(pinned, ["--import", guard, join(ROOT, script), ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  // A terminal signals the whole group, others only this process; a child that gets it twice stops once.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("error", (error) => fail(`cannot run ${pinned}: ${error.message}`));
  child.once("exit", (code, signal) => process.exit(signal === null ? code : 1));
}

/**
 * `npm` passes a SIGTERM on to the shell between it and us, and that dies silently: its children would
 * keep running with nobody to stop them. A changed parent process is how we notice.
 */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 250);
  watch.unref();
}

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
