import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { ROOT } from "../../scripts/lib/services.ts";
import { creation } from "../support/events.ts";
import { ingestGroup } from "../support/ingest-group.ts";
import { isRunning } from "../support/process-tree.ts";
import { until } from "../support/until.ts";

vi.setConfig({ testTimeout: 120_000 });

const started = ingestGroup();

test("one of them is killed: the other goes on, it is started again, and no count falls", async () => {
  const { group } = started();
  expect((await group.post(creation())).status).toBe(202);
  const before = await group.metric("fio_ingest_accepted_total");
  const [killed] = group.processes();
  process.kill(killed!, "SIGKILL");
  await until(() => !isRunning(killed!), { what: "it is gone" });
  await until(() => group.takes(creation()), { what: "the other takes an event" });
  await until(async () => (await group.metric("fio_ingest_process_restarts_total").catch(() => 0)) === 1, {
    what: "it is missed",
  });
  await group.bothListen();
  expect(await group.metric("fio_ingest_accepted_total")).toBeGreaterThan(before);
  expect(group.processes()).toHaveLength(2);
});

test("one of them hangs: the ingest is not ready until it goes on", async () => {
  const { system, group } = started();
  const ready = async () =>
    (await fetch(`${system.ingestUrl}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => null))
      ?.status;
  const [hung] = group.processes();
  process.kill(hung!, "SIGSTOP");
  try {
    await until(async () => (await ready()) === 503, { what: "the other says so" });
  } finally {
    process.kill(hung!, "SIGCONT");
  }
  await until(async () => (await ready()) === 200, { what: "ready again" });
});

test("SIGTERM in mid-load: all that was answered 202 is in the store, and all processes end", async () => {
  const { system, group } = started();
  const all = group.processes();
  const accepted: string[] = [];
  let open = true;
  const sender = async (): Promise<void> => {
    while (open) {
      const event = creation();
      const status = await group.post(event).then(
        (answer) => answer.status,
        () => null,
      );
      if (status === 202) accepted.push(event.data["id"]!);
    }
  };
  const senders = Promise.all(Array.from({ length: 8 }, sender));
  await until(() => accepted.length > 100, { what: "events come in" });
  expect(await system.ingests[0]!.stop()).toBe(0);
  open = false;
  await senders;
  expect(all.filter(isRunning)).toEqual([]);
  const missing = new Set(accepted);
  await until(
    async () => {
      for (const id of [...missing].slice(0, 50)) {
        const { status } = await fetch(`${system.apiUrl}/events/NEW_CONVERSATION/${id}`);
        if (status === 200) missing.delete(id);
      }
      return missing.size === 0;
    },
    { what: "all of them are applied" },
  );
  await system.ingests[0]!.start();
});

test("the first process is killed: the others end with it, and leave the port", async () => {
  const { system, group } = started();
  const all = group.processes();
  await system.ingests[0]!.kill();
  await until(() => !all.some(isRunning), { what: "none is left" });
  await system.ingests[0]!.start();
});

test("a port that is taken is told once, and ends them", async () => {
  const { system } = started();
  const child = spawn(process.execPath, [join(ROOT, "services/ingest/src/main.ts")], {
    env: { ...system.env, INGEST_PROCESSES: "3", INGEST_PORT: new URL(system.ingestUrl).port },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (told += text));
  expect(await new Promise((resolve) => child.once("close", resolve))).toBe(1);
  expect(told).toMatch(/^INGEST_PORT: [^\n]+\n$/);
});
