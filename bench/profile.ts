import { mkdtemp, readFile, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ROOT } from "../scripts/lib/services.ts";
import { findRedis } from "../scripts/redis/find.ts";
import { startGenerator } from "./generator/generator.ts";
import { total } from "./generator/load.ts";
import { bySelfTime, type Profile } from "./lib/self-time.ts";
import { cpuBetween, read } from "./measure/meter.ts";
import { prepareSubject } from "./measure/subject.ts";
import { table } from "./report/table.ts";
import { say, sayMachine } from "./support/figures.ts";
import { startServers } from "./systems/servers.ts";
import type { StoreKind } from "./systems/system.ts";

/*
 * Where the processor's time goes while single events come: by process, how long each waits for a core, what
 * Redis is asked, and in which packages ingest and the worker spend theirs. Profiling costs some time of its own.
 *
 *   node bench/profile.ts [--store postgres|sqlite] [--rate N|half|most] [--connections 64] [--seconds 8] [--functions 25]
 *   node bench/profile.ts --held      the workers stopped meanwhile, and then their drain
 */
const { values: options } = parseArgs({
  options: {
    store: { type: "string", default: "postgres" },
    rate: { type: "string", default: "most" },
    connections: { type: "string", default: "64" },
    seconds: { type: "string", default: "8" },
    functions: { type: "string", default: "25" },
    held: { type: "boolean", default: false },
  },
});

const SHAPE = {
  connections: Number(options.connections),
  events: 1,
  traffic: "messages",
  most: 400_000,
} as const;

/** Nanoseconds that all threads of a process were ready to run and had no core (Linux). */
function waitedNs(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[1]);
  } catch {
    return 0;
  }
}

process.env["FIO_REDIS_SERVER"] ??= (
  await findRedis({ dataDir: join(ROOT, ".data/bench"), containers: false, say })
).path;
const directory = await mkdtemp(join(tmpdir(), "fio-profile-"));
const servers = await startServers();
const generator = startGenerator();
try {
  sayMachine();
  const store = options.store as StoreKind;
  const system = await servers.start({ kind: "fio", workers: 1, store }, undefined, {
    NODE_OPTIONS: `--import ${new URL("lib/profile-on-signal.mjs", import.meta.url).href}`,
    PROFILE_DIR: directory,
  });
  try {
    const meter = store === "postgres" ? servers.meter : null;
    const subject = await prepareSubject(system, { count: 1_000 });
    const load = { ...SHAPE, url: system.url, conversations: subject.conversations };
    const send = async (limits: { seconds: number; rate?: number }) => {
      const result = await generator.send({ ...load, ...limits });
      subject.took(result);
      return result;
    };
    const warm = await send({ seconds: 3 });
    await subject.untilApplied();
    const rate = options.rate === "half" ? total(warm.accepted) / warm.seconds / 2 : Number(options.rate);
    const limits = {
      seconds: Number(options.seconds),
      ...(Number.isFinite(rate) ? { rate: Math.round(rate) } : {}),
    };

    if (options.held) {
      await system.hold();
      await send(limits);
      await system.release();
    }
    const waiting = options.held ? await system.pending() : 0;
    await system.redis?.config("RESETSTAT");
    const profiled = system.processes().filter(({ role }) => role === "intake" || role === "worker");
    for (const { pid } of profiled) process.kill(pid, "SIGUSR2");
    await sleep(200);
    const before = await read(system, meter);
    const waited = new Map([...before.cpu.keys()].map((pid) => [pid, waitedNs(pid)]));
    const result = options.held ? null : await send(limits);
    await subject.untilApplied();
    const after = await read(system, meter);
    const events = result === null ? waiting : total(result.accepted);
    const seconds = (after.at - before.at) / 1_000;
    const cpu = cpuBetween(before, after, events);

    say(
      result === null
        ? `${events} events drained in ${seconds.toFixed(1)} s: ${(events / seconds).toFixed(0)}/s`
        : `${events} events: ${(events / result.seconds).toFixed(0)}/s accepted, ${(events / seconds).toFixed(0)}/s applied, ` +
            `to the answer p50 ${result.latency.p50.toFixed(1)}, p99 ${result.latency.p99.toFixed(1)} ms`,
    );
    const waits = new Map<string, number>();
    for (const [pid, { role }] of after.cpu)
      waits.set(role, (waits.get(role) ?? 0) + waitedNs(pid) - (waited.get(pid) ?? waitedNs(pid)));
    say(
      table(
        [
          { title: "process", cell: ([role]) => role },
          { title: "µs an event", right: true, cell: ([, used]) => used.toFixed(1) },
          {
            title: "of a core",
            right: true,
            cell: ([, used]) => ((used * events) / seconds / 1e6).toFixed(2),
          },
          {
            title: "waited for a core, µs an event",
            right: true,
            cell: ([role]) => ((waits.get(role) ?? 0) / 1_000 / events).toFixed(1),
          },
        ],
        Object.entries(cpu),
      ),
    );

    say("\nRedis, by command; those that a script calls are in its time too:\n");
    const stats = (await system.redis?.info("commandstats")) ?? "";
    const commands = [...stats.matchAll(/^cmdstat_(\S+?):calls=(\d+),usec=(\d+)/gm)]
      .map(([, name = "", calls, usec]) => ({ name, calls: Number(calls), usec: Number(usec) }))
      .toSorted((one, other) => other.usec - one.usec)
      .slice(0, 16);
    say(
      table(
        [
          { title: "command", cell: ({ name }) => name },
          {
            title: "for 1,000 events",
            right: true,
            cell: ({ calls }) => ((calls * 1_000) / events).toFixed(0),
          },
          { title: "µs an event", right: true, cell: ({ usec }) => (usec / events).toFixed(2) },
          { title: "µs each", right: true, cell: ({ usec, calls }) => (usec / calls).toFixed(1) },
        ],
        commands,
      ),
    );

    for (const { pid } of profiled) process.kill(pid, "SIGUSR2");
    await sleep(3_000);
    for (const { role, pid } of profiled) {
      const profile = JSON.parse(await readFile(join(directory, `${pid}.cpuprofile`), "utf8")) as Profile;
      const { places, functions } = bySelfTime(profile, ROOT);
      for (const [what, rows] of [
        ["package", places],
        ["function", functions.slice(0, Number(options.functions))],
      ] as const) {
        say(`\n${role}, µs an event by ${what}:\n`);
        say(
          table(
            [
              { title: what, cell: ([name]) => name },
              { title: "µs an event", right: true, cell: ([, us]) => (us / events).toFixed(2) },
            ],
            rows.filter(([, us]) => us / events > 0.2),
          ),
        );
      }
    }
    await subject.check();
  } finally {
    await system.remove();
  }
} finally {
  generator.end();
  await servers.remove();
  await rm(directory, { recursive: true, force: true });
}
process.exit(0);
