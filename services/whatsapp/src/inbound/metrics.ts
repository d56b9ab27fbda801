import { Counter, Histogram, type Registry } from "prom-client";

export type InboundMetrics = ReturnType<typeof inboundMetrics>;

export function inboundMetrics(registry: Registry) {
  const registers = [registry];
  return {
    taken: new Counter({
      name: "fio_whatsapp_taken_total",
      help: "Items of webhooks that are on Redis' disk, by the provider that sent them.",
      labelNames: ["provider"],
      registers,
    }),
    takenSeconds: new Histogram({
      name: "fio_whatsapp_taken_seconds",
      help: "From the start of a webhook until it is on Redis' disk.",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
      registers,
    }),
    refused: new Counter({
      name: "fio_whatsapp_refused_total",
      help: "Webhooks that were refused, by the code of their problem.",
      labelNames: ["code"],
      registers,
    }),
    applied: new Counter({
      name: "fio_whatsapp_applied_total",
      help: "Items that became events, by what they say; `unread`: kept as they came.",
      labelNames: ["kind"],
      registers,
    }),
  };
}
