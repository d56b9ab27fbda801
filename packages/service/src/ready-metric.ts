import { Gauge, type Registry } from "prom-client";
import { faultWithin } from "./fault-within.ts";
import type { Readiness } from "./operations.ts";

/** A scrape waits no longer; who does not know by then is not ready. */
const LIMIT_MS = 1_000;

/** What `/readyz` says, to alert on: a store that is away at night, when nobody posts, makes no other figure rise. */
export function exportReadiness({ registry, ready }: { registry: Registry; ready: Readiness }): void {
  new Gauge({
    name: "fio_ready",
    help: "1 when the process is ready, as its /readyz says, else 0.",
    aggregator: "min",
    registers: [registry],
    collect: async function () {
      const isReady = async (): Promise<void> => {
        const fault = await ready();
        if (fault !== null) throw new Error(fault);
      };
      this.set((await faultWithin(LIMIT_MS, isReady, "not ready")) === null ? 1 : 0);
    },
  });
}
