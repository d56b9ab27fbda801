import { afterAll, beforeAll, beforeEach } from "vitest";
import { descendants, isRunning } from "./process-tree.ts";
import { startSystem, type System } from "./system.ts";
import { until } from "./until.ts";

/** As a sender would: a connection that was handed to a process just as it died gets no answer. */
const PATIENCE_MS = 5_000;

/** An ingest of two processes behind one port. */
export type IngestGroup = {
  /** Ids of the processes behind the port. */
  processes: () => number[];
  /** On a connection of its own, since connections are what the processes share. */
  post: (event: unknown, options?: { prefer?: string; patienceMs?: number }) => Promise<Response>;
  /** Whether the event got a 202. */
  takes: (event: unknown) => Promise<boolean>;
  metric: (name: string) => Promise<number>;
  bothListen: () => Promise<unknown>;
};

/** One for all tests of a file, with a real worker; both processes listen and are ready when a test begins. */
export function ingestGroup(): () => { system: System; group: IngestGroup } {
  let started: { system: System; group: IngestGroup };
  beforeAll(async () => {
    const system = await startSystem({ env: { INGEST_PROCESSES: "2" } });
    started = { system, group: groupOf(system) };
  });
  beforeEach(async () => {
    await started.group.bothListen();
  });
  afterAll(() => started.system.remove());
  return () => started;
}

function groupOf(system: System): IngestGroup {
  const post: IngestGroup["post"] = (event, { prefer, patienceMs = PATIENCE_MS } = {}) =>
    fetch(`${system.ingestUrl}/webhook/`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        connection: "close",
        ...(prefer === undefined ? {} : { prefer }),
      },
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(patienceMs),
    });
  const metric = async (name: string): Promise<number> => {
    const answer = await fetch(`${system.ingestUrl}/metrics`, {
      headers: { connection: "close" },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return Number(new RegExp(`^${name} ([\\d.e+]+)$`, "m").exec(await answer.text())?.[1]);
  };
  const isReady = (): Promise<boolean> =>
    fetch(`${system.ingestUrl}/readyz`, {
      headers: { connection: "close" },
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).then(
      ({ ok }) => ok,
      () => false,
    );
  return {
    processes: () => descendants(system.ingests[0]?.pid() ?? 0).filter(isRunning),
    post,
    takes: async (event) => (await post(event).catch(() => null))?.status === 202,
    metric,
    bothListen: () =>
      until(async () => (await metric("fio_ingest_processes").catch(() => 0)) === 2 && (await isReady()), {
        what: "both processes listen and reach Redis",
      }),
  };
}
