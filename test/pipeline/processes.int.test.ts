import { expect, test, vi } from "vitest";
import { creation } from "../support/events.ts";
import { ingestGroup } from "../support/ingest-group.ts";

vi.setConfig({ testTimeout: 120_000 });

const started = ingestGroup();

test("who waits for an outcome gets it, whichever process took the event", async () => {
  const { group } = started();
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => group.post(creation(), { prefer: "wait=20", patienceMs: 30_000 })),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
});

test("one address tells the metrics of all", async () => {
  const { group } = started();
  const before = await group.metric("fio_ingest_accepted_total");
  for (let sent = 0; sent < 10; sent += 1) expect((await group.post(creation())).status).toBe(202);
  // Whichever process is asked.
  for (let asked = 0; asked < 4; asked += 1) {
    expect(await group.metric("fio_ingest_accepted_total")).toBe(before + 10);
    expect(await group.metric("fio_queue_reachable")).toBe(1);
  }
});
