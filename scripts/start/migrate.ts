import { join } from "node:path";
import { CannotStart } from "../lib/cannot.ts";
import { run } from "../lib/run.ts";
import { ROOT } from "../lib/services.ts";
import type { StartConfig } from "./config.ts";
import { readable } from "./logs.ts";

/** Brings the schema up to date, as compose's one-shot does. Throws {@link CannotStart} with what it said. */
export async function migrate({ databaseUrl, dataDir }: StartConfig): Promise<void> {
  const { code, output } = await run(
    process.execPath,
    [join(ROOT, "services/conversations/src/migrate.ts")],
    { cwd: ROOT, env: { ...process.env, DATABASE_URL: databaseUrl, DATA_DIR: dataDir } },
  );
  if (code === 0) return;
  const said = output.split("\n").flatMap((line) => readable(line) ?? []);
  throw new CannotStart(said.join("\n"));
}
