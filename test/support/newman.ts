import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../scripts/lib/run.ts";
import { ROOT } from "../../scripts/lib/services.ts";

export type PostmanRun = {
  /** Names of the requests that were sent. */
  requests: string[];
  /** How many checks were made. */
  assertions: number;
  /** `request: check: message` of each that failed. */
  failures: string[];
};

type Report = {
  run: {
    stats: { assertions: { total: number } };
    executions: Array<{ item: { name: string } }>;
    failures: Array<{ source?: { name?: string }; error: { test?: string; message: string } }>;
  };
};

/** Runs the whole collection with newman; `variables` stand over those of the environment. */
export async function runPostman(
  environment: "local" | "compose",
  variables: Record<string, string>,
): Promise<PostmanRun> {
  const directory = await mkdtemp(join(tmpdir(), "fio-newman-"));
  const report = join(directory, "report.json");
  try {
    const { output } = await run(
      process.execPath,
      [
        join(ROOT, "node_modules/newman/bin/newman.js"),
        ...["run", join(ROOT, "postman/fio.postman_collection.json")],
        ...["--environment", join(ROOT, `postman/${environment}.postman_environment.json`)],
        ...Object.entries(variables).flatMap(([name, value]) => ["--env-var", `${name}=${value}`]),
        ...["--reporters", "json", "--reporter-json-export", report, "--timeout-request", "30000"],
      ],
      { limitMs: 240_000 },
    );
    const text = await readFile(report, "utf8").catch(() => {
      throw new Error(`newman wrote no report:\n${output}`);
    });
    const { stats, executions, failures } = (JSON.parse(text) as Report).run;
    return {
      requests: executions.map(({ item }) => item.name),
      assertions: stats.assertions.total,
      failures: failures.map(
        ({ source, error }) => `${source?.name ?? "?"}: ${error.test ?? "script"}: ${error.message}`,
      ),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
