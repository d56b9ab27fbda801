import { join } from "node:path";
import { startPostgres, type PostgresServer } from "../../support/postgres-server.ts";
import type { ServiceProcess } from "../../support/service-process.ts";
import { startSystem, type System } from "../../support/system.ts";
import { openJournal, type Journal } from "../load/journal.ts";
import { seeded, type Random } from "../../support/random.ts";
import { startSender, type Sender } from "../load/sender.ts";
import { smallDisk, type SmallDisk } from "./small-disk.ts";
import { postgresProbe } from "./store/postgres.ts";
import type { StoreProbe } from "./store/probe.ts";
import { sqliteProbe } from "./store/sqlite.ts";
import { watchReadiness, type Watch } from "./watch.ts";

export type DatabaseName = "sqlite" | "postgres";

/** A whole system under load, with everything a fault needs to break it and to see that it broke. */
export type Rig = {
  database: DatabaseName;
  system: System;
  workers: ServiceProcess[];
  api: ServiceProcess;
  /** Of all processes that a fault may start in place of others, too. */
  watch: Watch;
  store: StoreProbe;
  /** Only where the database is Postgres. */
  postgres: PostgresServer | undefined;
  /** Holds the tables of Postgres, where this suite may mount one. */
  disk: SmallDisk | undefined;
  sender: Sender;
  journal: Journal;
  random: Random;
  /** How long an outage of Redis or of the database lasts. */
  outageMs: number;
  remove: () => Promise<void>;
};

/** Room for the tables of a long run, and little enough to fill. */
const DISK_BYTES = 1_024 * 2 ** 20;

export async function startRig({
  database,
  seed,
  eventsPerSecond,
  outageMs,
  entries = {},
  ingests = database === "postgres" ? 2 : 1,
  workers = 2,
}: {
  database: DatabaseName;
  seed: number;
  eventsPerSecond: number;
  outageMs: number;
  entries?: Partial<Record<"ingest" | "conversations", string>>;
  ingests?: number;
  workers?: number;
}): Promise<Rig> {
  const random = seeded(seed);
  const { postgres, disk, databaseUrl } = await startDatabase(database);
  const removeDatabase = async (): Promise<void> => {
    await postgres?.kill();
    await disk?.remove();
    await postgres?.remove();
  };
  try {
    const roles = ["api" as const, ...Array.from({ length: workers }, () => "worker" as const)];
    const system = await startSystem({
      ingests,
      roles,
      entries,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    });
    const [api, ...workerProcesses] = system.conversations;
    if (api === undefined) throw new Error("no api");
    const store =
      databaseUrl === undefined
        ? sqliteProbe(system.databaseUrl.slice("sqlite:".length))
        : postgresProbe(databaseUrl);
    const watch = watchReadiness({ processes: system.processes, api });
    const journal = openJournal(join(system.dataDir, "journal.jsonl"));
    const sender = startSender({
      ingests: system.ingests.map(({ url }) => url),
      random,
      journal,
      eventsPerSecond,
      onResult: ({ ingestUrl, accepted }) => watch.note(ingestUrl, accepted),
    });
    return {
      database,
      system,
      workers: workerProcesses,
      api,
      watch,
      store,
      postgres,
      disk,
      sender,
      journal,
      random,
      outageMs,
      remove: async () => {
        await watch.stop();
        await store.close();
        await journal.close();
        await system.remove();
        await removeDatabase();
      },
    };
  } catch (error) {
    await removeDatabase();
    throw error;
  }
}

/** Postgres with its tables on a small disk of their own, and few enough connections to use them up. */
async function startDatabase(
  database: DatabaseName,
): Promise<{ postgres?: PostgresServer; disk?: SmallDisk; databaseUrl?: string }> {
  if (database === "sqlite") return {};
  const postgres = await startPostgres({ settings: ["max_connections=60"] });
  let disk: SmallDisk | null = null;
  try {
    disk = await smallDisk({ postgres, bytes: DISK_BYTES });
    const databaseUrl = await postgres.createDatabase("fio", disk ?? {});
    return { postgres, databaseUrl, ...(disk === null ? {} : { disk }) };
  } catch (error) {
    await postgres.kill();
    await disk?.remove();
    await postgres.remove();
    throw error;
  }
}
