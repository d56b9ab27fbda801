import { Counter, Gauge, type Registry } from "prom-client";
import type { Ledger } from "./ledger.ts";

export type OutboundMetrics = { attempts: Counter<"number" | "result" | "code"> };

export function createOutboundMetrics({
  registry,
  ledger,
  now,
}: {
  registry: Registry;
  ledger: Ledger;
  now: () => number;
}): OutboundMetrics {
  const registers = [registry];
  const unsent = new Gauge({
    name: "fio_whatsapp_unsent",
    help: "Messages that were taken for WhatsApp and are neither accepted by Meta nor given up.",
    registers,
    collect: async () => {
      const reading = await ledger.unsent().catch(() => null);
      if (reading === null) return;
      const { count, oldest } = reading;
      unsent.set(count);
      age.set(oldest === null ? 0 : Math.max(0, now() - oldest) / 1_000);
    },
  });
  const age = new Gauge({
    name: "fio_whatsapp_unsent_age_seconds",
    help: "Since the oldest of these messages was taken; 0 when there is none.",
    registers,
  });
  new Gauge({
    name: "fio_whatsapp_number_stopped",
    help: "1 for a number from which nothing can be sent until somebody sees to it, by Meta's code.",
    labelNames: ["number", "code"],
    registers,
    async collect() {
      const stopped = await ledger.stopped().catch(() => null);
      if (stopped === null) return;
      this.reset();
      for (const [number, detail] of Object.entries(stopped)) {
        this.set({ number, code: /^\d+/.exec(detail)?.[0] ?? "" }, 1);
      }
    },
  });
  return {
    attempts: new Counter({
      name: "fio_whatsapp_attempts_total",
      help: "Requests to the Graph API by number, result (accepted, again, stopped, failed, not_known) and Meta's code.",
      labelNames: ["number", "result", "code"],
      registers,
    }),
  };
}
