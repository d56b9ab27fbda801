import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { forEachDatabase, type Database } from "../../../../test/support/databases.ts";
import { openStore, type Store } from "./connect.ts";
import { migrate } from "./migrate.ts";
import { untilDone } from "./retry.ts";

forEachDatabase(({ create }) => {
  const opened: Store[] = [];
  const databases: Database[] = [];
  const open = (url: string): Store => {
    const store = openStore(url);
    opened.push(store);
    return store;
  };
  const empty = async (): Promise<Database> => {
    const database = await create();
    databases.push(database);
    return database;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    await Promise.all(databases.splice(0).map((database) => database.remove()));
  });
  const tables = async (store: Store): Promise<number> => (await store.read("conversations").select()).length;

  test("several processes may migrate at once", async () => {
    const { url } = await empty();
    const stores = Array.from({ length: 4 }, () => open(url));
    await Promise.all(stores.map((store) => untilDone(() => migrate(store))));
    expect(await tables(stores[0]!)).toBe(0);
  });

  test("a second migration changes nothing", async () => {
    const { url } = await empty();
    await migrate(open(url));
    await migrate(open(url));
    expect(await tables(open(url))).toBe(0);
  });

  test("a process that is killed in the middle of a migration does not stop the next", async () => {
    const { url } = await empty();
    const child = spawn(process.execPath, [
      fileURLToPath(new URL("testing/hanging-migration.ts", import.meta.url)),
      url,
    ]);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    await untilDone(() => migrate(open(url)));
    expect(await tables(open(url))).toBe(0);
  });
});
