import { Gauge, Registry, collectDefaultMetrics } from "prom-client";
import { VERSION } from "./version.ts";

/** The registry of a process: Node's own metrics, and which Fio it is. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "fio_build_info",
    help: "Always 1; its label is the version of Fio that runs.",
    labelNames: ["version"],
    // Processes that are shown as one are of one version.
    aggregator: "max",
    registers: [registry],
  }).set({ version: VERSION }, 1);
  return registry;
}
