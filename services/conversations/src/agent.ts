import { SettingError } from "@fio/service/env";
import { carryOut, readCommand } from "./accounts/operator.ts";
import { readAgentConfig } from "./config.ts";
import { openStore } from "./store/connect.ts";
import { migrate } from "./store/migrate.ts";
import { untilDone } from "./store/retry.ts";

/*
 * For operators: who may sign in. The only place that makes accounts, the first admin's too. No password passes here: it
 * prints a link that works once, by which the agent sets one.
 */

const STORE_MS = 30_000;

try {
  const command = readCommand(process.argv.slice(2));
  const { databaseUrl, webUrl, migrates } = readAgentConfig(process.env);
  const store = openStore(databaseUrl);
  const done = async (): Promise<string[]> => {
    if (migrates) await migrate(store);
    return carryOut(command, { store, webUrl, now: Date.now() });
  };
  const lines = await untilDone(done, { signal: AbortSignal.timeout(STORE_MS) }).finally(store.close);
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
} catch (error) {
  const told = error instanceof SettingError ? error.message : `failed: ${(error as Error).message}`;
  process.stderr.write(`${told}\n`);
  process.exitCode = 1;
}
