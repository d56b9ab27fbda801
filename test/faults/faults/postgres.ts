import { until } from "../../support/until.ts";
import { demand } from "../demand.ts";
import { namesOf, type Fault } from "../fault.ts";
import { underLoad } from "../recovery.ts";
import type { RigName } from "../rig/rig-names.ts";
import type { Rig } from "../rig/rig.ts";
import { requireDisk, type SmallDisk } from "../rig/small-disk.ts";
import { PROBE_NAME, connected, withClient } from "../rig/store/postgres.ts";

const POSTGRES: readonly RigName[] = ["postgres"];
const OUTAGE_LIMIT_MS = 10_000;

function serverOf({ postgres }: Rig): NonNullable<Rig["postgres"]> {
  demand(postgres !== undefined, "there is no Postgres");
  return postgres;
}

const startedAt = async ({ store }: Rig): Promise<string> => {
  const [row] = await store.rows<{ at: string }>("select pg_postmaster_start_time()::text as at");
  return row?.at ?? "unknown";
};

const killed: Fault = {
  name: "Postgres killed and restarted",
  on: POSTGRES,
  limitMs: OUTAGE_LIMIT_MS,
  strike: async (rig) => {
    const server = serverOf(rig);
    const before = await startedAt(rig);
    await server.kill();
    await underLoad(rig.outageMs);
    await server.start();
    const returnedAt = performance.now();
    const after = await startedAt(rig);
    demand(before !== after, "Postgres is still the same run");
    return {
      proof: `started ${before}, then ${after}`,
      returnedAt,
      unready: namesOf([rig.api, ...rig.workers]),
    };
  },
};

const paused: Fault = {
  name: "Postgres paused",
  on: POSTGRES,
  limitMs: OUTAGE_LIMIT_MS,
  strike: async (rig) => {
    const server = serverOf(rig);
    server.pause();
    const silent = await startedAt(rig).then(
      () => false,
      () => true,
    );
    await underLoad(rig.outageMs);
    server.resume();
    demand(silent, "Postgres answered while it was paused");
    return {
      proof: "a new connection went unanswered",
      returnedAt: performance.now(),
      unready: namesOf([rig.api, ...rig.workers]),
    };
  },
};

const terminated: Fault = {
  name: "every connection to Postgres terminated",
  on: POSTGRES,
  limitMs: OUTAGE_LIMIT_MS,
  strike: async (rig) => {
    let ended = 0;
    for (let round = 0; round < 3; round += 1) {
      ended += await terminateOthers(serverOf(rig).url);
      await underLoad(700);
    }
    demand(ended > 0, "there was no connection to end");
    return { proof: `pg_terminate_backend ended ${ended} connections`, returnedAt: performance.now() };
  },
};

const outOfConnections: Fault = {
  name: "Postgres out of connections",
  on: POSTGRES,
  limitMs: OUTAGE_LIMIT_MS,
  strike: async (rig) => {
    const { url } = serverOf(rig);
    const ours: Connection[] = [];
    try {
      const refusal = await occupyAll(url, ours);
      const [first] = ours;
      demand(first !== undefined, "not one connection could be had");
      const end = performance.now() + rig.outageMs;
      while (performance.now() < end) {
        // The services' own go; whatever they ask for next is taken already, or is taken from them again.
        await first.query(TERMINATE_OTHERS);
        await occupyAll(url, ours);
        await underLoad(50);
      }
      return { proof: refusal, returnedAt: await released(ours), unready: namesOf([rig.api]) };
    } catch (error) {
      await released(ours);
      throw error;
    }
  },
};

type Connection = Awaited<ReturnType<typeof connected>>;

/** Adds connections until there are no more to be had; gives the server's own words for it. */
async function occupyAll(url: string, ours: Connection[]): Promise<string> {
  for (;;) {
    try {
      ours.push(await connected(url));
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === "53300") return message;
      throw error;
    }
  }
}

const diskFull: Fault = {
  name: "the disk of Postgres full",
  on: POSTGRES,
  limitMs: OUTAGE_LIMIT_MS,
  strike: async (rig) => {
    const disk = requireDisk(rig.disks.store);
    const server = serverOf(rig);
    const logged = (await server.log()).length;
    await disk.fill();
    try {
      const line = await until(
        async () => /.*No space left on device/.exec((await server.log()).slice(logged))?.[0],
        { what: "Postgres finds its disk full" },
      );
      await underLoad(rig.outageMs);
      return {
        proof: line.replace(/^.*?(ERROR|FATAL|PANIC)/, "$1"),
        returnedAt: await freed(disk),
        unready: namesOf(rig.workers),
      };
    } catch (error) {
      await freed(disk);
      throw error;
    }
  },
};

const TERMINATE_OTHERS = `select count(pg_terminate_backend(pid))::int as ended from pg_stat_activity
  where backend_type = 'client backend' and application_name <> '${PROBE_NAME}' and pid <> pg_backend_pid()`;

function terminateOthers(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ ended: number }>(TERMINATE_OTHERS);
    return rows[0]?.ended ?? 0;
  });
}

async function released(clients: Connection[]): Promise<number> {
  await Promise.all(clients.map((client) => client.end()));
  return performance.now();
}

async function freed(disk: SmallDisk): Promise<number> {
  await disk.free();
  return performance.now();
}

export const postgresOutages: Fault[] = [killed, paused, terminated, outOfConnections, diskFull];
