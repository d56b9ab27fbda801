import type pg from "pg";
import { descendants } from "../../test/support/process-tree.ts";
import { postgresFsyncs, redisFsyncs } from "./fsyncs.ts";
import { cpuSeconds, residentBytes } from "./processes.ts";
import type { Role, System } from "../systems/system.ts";
import type { Sample } from "./sample.ts";

/** What all processes of a system have used so far. */
export type Reading = {
  at: number;
  cpu: Map<number, { role: Role; seconds: number }>;
  fsyncs: { redis: number | null; postgres: number | null };
  /** Messages that Postgres knows of, at the time of its fsyncs. */
  inserts: number | null;
};

/** Of the one Postgres server, which all databases share. */
export type PostgresMeter = { pid: number; client: pg.Client };

export async function read(system: System, postgres: PostgresMeter | null): Promise<Reading> {
  const at = performance.now();
  const fsyncs = {
    redis: system.redis === null ? null : await redisFsyncs(system.redis),
    postgres: postgres === null ? null : await postgresFsyncs(postgres.client),
  };
  const inserts = (await system.store?.reportedInserts()) ?? null;
  const backends = postgres === null ? [] : [postgres.pid, ...descendants(postgres.pid)];
  const processes = [...system.processes(), ...backends.map((pid) => ({ role: "postgres" as const, pid }))];
  return {
    at,
    fsyncs,
    inserts,
    cpu: new Map(processes.map(({ role, pid }) => [pid, { role, seconds: cpuSeconds(pid) }])),
  };
}

/** Microseconds an event, by role, of what was used between two readings. */
export function cpuBetween(before: Reading, after: Reading, events: number): Sample["cpu"] {
  const cpu: Sample["cpu"] = {};
  if (events === 0) return cpu;
  for (const [pid, { role, seconds }] of after.cpu) {
    const used = seconds - (before.cpu.get(pid)?.seconds ?? 0);
    cpu[role] = (cpu[role] ?? 0) + (used * 1_000_000) / events;
  }
  return cpu;
}

/** Flushes of Redis for 1,000 events. */
export function redisFlushes(before: Reading, after: Reading, events: number): number | undefined {
  const [first, last] = [before.fsyncs.redis, after.fsyncs.redis];
  return first === null || last === null || events === 0 ? undefined : ((last - first) * 1_000) / events;
}

/**
 * Flushes of Postgres for 1,000 events, of which `share` are messages. Both counts are late by the same: what is known of
 * the one is set beside what is known of the other.
 */
export function postgresFlushes(before: Reading, after: Reading, share: number): number | undefined {
  const known = (after.inserts ?? 0) - (before.inserts ?? 0);
  const [first, last] = [before.fsyncs.postgres, after.fsyncs.postgres];
  return first === null || last === null || known === 0
    ? undefined
    : ((last - first) * 1_000 * share) / known;
}

const EVERY_MS = 250;

/** Looks at a system's memory until it is told to end, and then says the most. */
export function watchMemory(system: System): () => Sample["memory"] {
  const most: Sample["memory"] = {};
  const look = (): void => {
    const now: Sample["memory"] = {};
    for (const { role, pid } of system.processes()) {
      if (role !== "postgres") now[role] = (now[role] ?? 0) + residentBytes(pid) / 2 ** 20;
    }
    for (const [role, mib] of Object.entries(now) as Array<[keyof Sample["memory"], number]>) {
      most[role] = Math.max(most[role] ?? 0, mib);
    }
  };
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    look();
    return most;
  };
}
