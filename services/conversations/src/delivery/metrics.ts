import { setTimeout as sleep } from "node:timers/promises";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Store } from "../store/connect.ts";
import { readUndelivered } from "../store/deliveries.ts";
import type { Circuit } from "./circuit.ts";

const LIMIT_MS = 1_000;
const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3_600, 86_400];

export type DeliveryMetrics = ReturnType<typeof createDeliveryMetrics>;

export function createDeliveryMetrics({
  registry,
  store,
  circuit,
  now,
}: {
  registry: Registry;
  store: Store;
  circuit: Circuit;
  now: () => number;
}) {
  const registers = [registry];
  const read = () =>
    Promise.race([readUndelivered(store).catch(() => null), sleep(LIMIT_MS, null, { ref: false })]);
  const undelivered = new Gauge({
    name: "fio_delivery_undelivered",
    help: "Messages that wait to be delivered, counted up to 10,000.",
    aggregator: "max",
    registers,
    collect: async () => {
      const reading = await read();
      for (const gauge of [undelivered, oldest, failed]) gauge.reset();
      if (reading === null) return;
      undelivered.set(reading.waiting);
      oldest.set(reading.oldestAt === null ? 0 : Math.max(0, now() - reading.oldestAt) / 1_000);
      failed.set(reading.failed);
    },
  });
  const oldest = new Gauge({
    name: "fio_delivery_oldest_undelivered_seconds",
    help: "How long the oldest of them has waited; 0 when none does.",
    aggregator: "max",
    registers,
  });
  const failed = new Gauge({
    name: "fio_delivery_failed",
    help: "Messages that were given up and that nobody has tried again or seen to, counted up to 10,000.",
    aggregator: "max",
    registers,
  });
  new Gauge({
    name: "fio_delivery_circuit_open",
    help: "1 while this process leaves the receiver alone, since one attempt after the other failed.",
    aggregator: "max",
    registers,
    collect() {
      this.set(circuit.state() === "closed" ? 0 : 1);
    },
  });
  return {
    attempts: new Counter({
      name: "fio_delivery_attempts_total",
      help: "Attempts to deliver a message by what came of them: delivered, refused, not_now.",
      labelNames: ["outcome"],
      registers,
    }),
    notDelivered: new Counter({
      name: "fio_delivery_failures_total",
      help: "Attempts that did not deliver, by reason: http_ and the status, time_out, no_connection.",
      labelNames: ["reason"],
      registers,
    }),
    givenUp: new Counter({
      name: "fio_delivery_given_up_total",
      help: "Messages that were given up, by the reason of the last attempt.",
      labelNames: ["reason"],
      registers,
    }),
    seconds: new Histogram({
      name: "fio_delivery_seconds",
      help: "From the commit of a message until the receiver has it.",
      buckets: SECONDS,
      registers,
    }),
  };
}
