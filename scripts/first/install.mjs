import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/** Runs `npm ci` when `node_modules` is not what the lock file says; `null` when all is well, else one line that says why not. */
export async function installIfStale(root) {
  const stale = staleness(root);
  if (stale === null) return null;
  process.stdout.write(`Installing dependencies (${stale}): about a minute the first time\n`);
  const { code, output } = await npmCi(root);
  if (code === 0) return null;
  process.stderr.write(output.slice(-4000));
  return `npm ci failed: check that the npm registry can be reached, then try again`;
}

/** npm records what it installed in a lock file of its own, written last: an interrupted install leaves none. */
function staleness(root) {
  const wanted = packagesOf(join(root, "package-lock.json"));
  if (wanted === null) return null;
  const installed = packagesOf(join(root, "node_modules", ".package-lock.json"));
  if (installed === null) return "node_modules is missing";
  for (const [path, { version, integrity, optional, link, resolved }] of Object.entries(wanted)) {
    if (!path.includes("node_modules/") || optional) continue;
    const found = installed[path];
    const same = link
      ? found?.resolved === resolved
      : found?.version === version && found.integrity === integrity;
    if (!same) return `${path.slice(path.lastIndexOf("node_modules/") + 13)} is not as in package-lock.json`;
  }
  return null;
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return null;
  }
}

function npmCi(root) {
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  // The npm that runs this script, with its own Node: the one in node_modules is about to be replaced.
  const [command, ...before] =
    process.env.npm_execpath?.endsWith(".js") && process.env.npm_node_execpath
      ? [process.env.npm_node_execpath, process.env.npm_execpath]
      : ["npm"];
  const path = (process.env.PATH ?? "").split(delimiter).filter((entry) => !entry.includes("node_modules"));
  return new Promise((resolve) => {
    const child = spawn(command, [...before, ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PATH: path.join(delimiter) },
    });
    let output = "";
    const keep = (chunk) => (output += chunk);
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.once("exit", (code) => resolve({ code: code ?? 1, output }));
  });
}
