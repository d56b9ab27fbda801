import { setTimeout as sleep } from "node:timers/promises";
import { Gauge, type Registry } from "prom-client";
import { readProgress, type Progress } from "../store/backfills/table.ts";
import type { Store } from "../store/connect.ts";

const LIMIT_MS = 1_000;

/** How far the backfills are, read from the store at each scrape; absent while the store does not answer. */
export function measureBackfills({ registry, store }: { registry: Registry; store: Store }): void {
  const read = (): Promise<Progress[]> =>
    Promise.race([
      readProgress(store).catch(() => []),
      sleep(LIMIT_MS, [], { ref: false }) as Promise<Progress[]>,
    ]);
  const rows = new Gauge({
    name: "fio_backfill_rows",
    help: "Rows that a backfill has looked at so far; each looks at a table twice, the second time an hour later.",
    labelNames: ["backfill"],
    registers: [registry],
    collect: async () => {
      const progress = await read();
      rows.reset();
      finished.reset();
      for (const one of progress) {
        rows.set({ backfill: one.name }, one.rows);
        finished.set({ backfill: one.name }, one.finished ? 1 : 0);
      }
    },
  });
  const finished = new Gauge({
    name: "fio_backfill_finished",
    help: "1 when all old rows are in the shape of the new schema, by backfill.",
    labelNames: ["backfill"],
    registers: [registry],
  });
}
