import { run } from "../scripts/lib/run.ts";
import { ROOT } from "../scripts/lib/services.ts";

/*
 * What a health check costs in processor time: curl, as docker-compose.yml asks, beside starting a Node for each. Needs a
 * Docker engine; builds the image.
 *
 *   node bench/health-checks.ts
 */

const CHECKS = 20;
const CONTAINERS = 4;
const EVERY_SECONDS = 5;
const IMAGE = "fio-health-checks";
const URL = "http://127.0.0.1:8000/";
const SERVER = `require("node:http").createServer((_, answer) => answer.end("{}")).listen(8000)`;
const WAYS = {
  curl: `curl --fail --silent --output /dev/null ${URL}`,
  node: `node -e 'fetch("${URL}").then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))'`,
};

async function docker(...args: string[]): Promise<string> {
  const { code, output } = await run("docker", args, { cwd: ROOT, limitMs: 600_000 });
  if (code !== 0) throw new Error(`docker ${args.join(" ")}:\n${output.slice(-2_000)}`);
  return output.trim();
}

await docker("build", "--tag", IMAGE, ".");
const container = await docker("run", "--detach", "--rm", IMAGE, "node", "-e", SERVER);
try {
  await docker("exec", container, "sh", "-c", `until ${WAYS.curl}; do sleep 0.1; done`);
  for (const [name, command] of Object.entries(WAYS)) {
    // `times` prints the processor time of a shell and, on its second line, of its children, in minutes and seconds.
    const script = `for check in $(seq ${CHECKS}); do ${command} || exit 1; done; times`;
    const [user = 0, system = 0] = [
      ...((await docker("exec", container, "sh", "-c", script)).split("\n").at(-1) ?? "").matchAll(
        /(\d+)m([\d.]+)s/g,
      ),
    ].map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds));
    const each = (user + system) / CHECKS;
    const share = ((each * CONTAINERS) / EVERY_SECONDS) * 100;
    process.stdout.write(
      `${name.padEnd(6)}${(each * 1000).toFixed(1).padStart(7)} ms a check, ${share.toFixed(1)} % of a core for ` +
        `${CONTAINERS} containers asked every ${EVERY_SECONDS} s\n`,
    );
  }
} finally {
  await docker("kill", container);
}
