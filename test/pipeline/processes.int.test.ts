import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { creation } from "../support/events.ts";
import { ingestGroup, type IngestGroup } from "../support/ingest-group.ts";
import { startSystem, type System } from "../support/system.ts";

vi.setConfig({ testTimeout: 120_000 });

/** One ingest of two processes behind one port, with a real worker. */
let system: System;
let group: IngestGroup;

beforeAll(async () => {
  system = await startSystem({ env: { INGEST_PROCESSES: "2" } });
  group = ingestGroup(system);
});
beforeEach(async () => {
  await group.bothListen();
});
afterAll(() => system.remove());

test("who waits for an outcome gets it, whichever process took the event", async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => group.post(creation(), { prefer: "wait=20", patienceMs: 30_000 })),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
});

test("one address tells the metrics of all", async () => {
  const before = await group.metric("fio_ingest_accepted_total");
  for (let sent = 0; sent < 10; sent += 1) expect((await group.post(creation())).status).toBe(202);
  // Whichever process is asked.
  for (let asked = 0; asked < 4; asked += 1) {
    expect(await group.metric("fio_ingest_accepted_total")).toBe(before + 10);
    expect(await group.metric("fio_queue_reachable")).toBe(1);
  }
});
