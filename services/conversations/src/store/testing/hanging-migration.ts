import { openStore } from "../connect.ts";
import { migrate } from "../migrate.ts";
import { migrationSource } from "../migrations/index.ts";

/** A process that migrates the store it is given, says so and never ends: to be killed in the middle. */
await migrate(openStore(process.argv[2] ?? ""), {
  ...migrationSource,
  getMigrations: async (directories) => [...(await migrationSource.getMigrations(directories)), "999-hangs"],
  getMigration: (name) =>
    name === "999-hangs"
      ? Promise.resolve({
          up: () =>
            new Promise(() => {
              setInterval(() => process.stdout.write("migrating\n"), 100);
            }),
          down: () => Promise.resolve(),
        })
      : migrationSource.getMigration(name),
});
