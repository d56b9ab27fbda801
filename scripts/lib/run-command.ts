import { spawn } from "node:child_process";
import { join } from "node:path";
import { SettingError } from "@fio/service/env";
import { ownSettings } from "./own-settings.ts";
import { ROOT } from "./services.ts";

/** Runs an operator's command on what `npm start` runs, and ends as it does; `fault` is the status when it cannot be. */
export function runCommand(entry: string, { args, fault }: { args: string[]; fault: number }): void {
  try {
    const own = ownSettings(process.env);
    const child = spawn(process.execPath, [join(ROOT, entry), ...args], {
      cwd: ROOT,
      // What the environment names itself goes before.
      env: { ...own, ...process.env, DATA_DIR: own["DATA_DIR"] },
      stdio: "inherit",
    });
    child.once("exit", (code) => process.exit(code ?? fault));
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(fault);
  }
}
