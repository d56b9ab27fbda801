import { expect, test } from "vitest";
import { logVolume } from "../support/log-volume.ts";

test(
  "at info 1,000 events cost less than 2 bytes each in both logs together",
  { timeout: 180_000 },
  async () => {
    const { bytes, logs } = await logVolume({ events: 1_000, level: "info" });
    expect(bytes.ingest + bytes.conversations).toBeLessThan(2_000);
    expect(logs.ingest).toMatch(/"events":1000,.*"accepted in the last minute"/);
    expect(logs.conversations).toMatch(/"events":1000,.*"applied in the last minute"/);
  },
);

test(
  "at debug an event is found in both logs, by its receipt and by its id",
  { timeout: 180_000 },
  async () => {
    const { logs, example } = await logVolume({ events: 100, level: "debug" });
    for (const name of [example.receipt, example.event.data["id"] ?? ""]) {
      for (const log of [logs.ingest, logs.conversations]) {
        const lines = log.split("\n").filter((line) => line.includes(name));
        expect(lines).toEqual([expect.stringMatching(/"(flushed|applied)"/)]);
      }
    }
    expect(logs.ingest + logs.conversations).not.toContain("tudo bem");
  },
);
