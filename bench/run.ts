import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CannotStart } from "../scripts/lib/cannot.ts";
import { ROOT } from "../scripts/lib/services.ts";
import { findRedis } from "../scripts/redis/find.ts";
import { runRounds } from "./measure/rounds.ts";
import { describeMachine } from "./measure/machine.ts";
import { startServers } from "./systems/servers.ts";
import { cellsOf } from "./plan/cells.ts";
import { cellName } from "./plan/names.ts";
import { HELP, readOptions } from "./plan/options.ts";
import { writeReport } from "./report/report.ts";
import { say } from "./support/figures.ts";

/* `npm run bench`: Fio beside its rivals. Writes results, tables and plots; fails when anything was lost, never on a time. */

async function bench(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === "help" || options === "list") {
    say(options === "help" ? HELP : cellsOf({ big: true }).map(cellName).join("\n"));
    return;
  }
  const wanted = options.only?.toLowerCase() ?? "";
  const cells = cellsOf({ big: options.filled > 0 }).filter((cell) =>
    cellName(cell).toLowerCase().includes(wanted),
  );
  if (cells.length === 0)
    throw new CannotStart(`No cell has a name with "${wanted}": see npm run bench -- --list`);

  const begun = performance.now();
  const dataDir = join(ROOT, ".data/bench");
  mkdirSync(dataDir, { recursive: true });
  process.env["FIO_REDIS_SERVER"] ??= (await findRedis({ dataDir, containers: false, say })).path;
  const servers = await startServers();
  try {
    const machine = describeMachine(servers.versions);
    say(
      `${machine.cpu}, ${machine.cores} cores, load ${machine.loadBefore.toFixed(1)}; a flush to disk ${machine.fsyncMs.toFixed(2)} ms; ` +
        `${servers.versions.redis}, ${servers.versions.postgres}; ${cells.length} cells, rounds: ${options.rounds}`,
    );
    const results = await runRounds({ cells, options, servers, say });
    const { out, ...rest } = options;
    const minutes = (performance.now() - begun) / 60_000;
    await writeReport(out, { takenAt: new Date().toISOString(), minutes, machine, options: rest, results });
    say(`Nothing was lost. ${minutes.toFixed(1)} minutes; results, tables and plots are in ${out}`);
  } finally {
    await servers.remove();
  }
}

try {
  await bench();
  process.exit(0);
} catch (error) {
  if (error instanceof CannotStart) process.stderr.write(`${error.message}\n`);
  else console.error(error);
  process.exit(1);
}
