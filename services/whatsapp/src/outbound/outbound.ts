import type { Router } from "express";
import type { Redis } from "ioredis";
import type { Registry } from "prom-client";
import type { BodyBudget } from "@fio/service/body-budget";
import type { ClientAddress } from "@fio/service/client-address";
import type { Log } from "@fio/service/log";
import { createVerifier } from "@fio/service/signature";
import type { Ingest } from "../ingest.ts";
import { createDoor } from "./door.ts";
import { createLanes } from "./lanes.ts";
import { createLedger } from "./ledger.ts";
import { createOutboundMetrics } from "./metrics.ts";
import { createPrices, priceIn } from "./prices.ts";
import { createSender, PATIENCE, type Patience } from "./sender.ts";
import type { OutboundSettings } from "./settings.ts";
import { createTell } from "./tell.ts";

/** From Fio to the Graph API. */
export type Outbound = {
  routes: Router;
  /**
   * A status of one of our messages has come, as Meta tells it: whoever waited for it need not ask any more, and its price is
   * counted. Telling it twice changes nothing. Throws what Redis throws.
   */
  heard: (status: { messageId: string; phoneNumberId: string; raw: unknown }) => Promise<void>;
  /** Begins nothing more, and resolves when what is under way has ended. */
  close: () => Promise<void>;
};

export function startOutbound({
  settings,
  ingest,
  redis,
  connect,
  registry,
  budget,
  clientOf,
  log,
  now = Date.now,
  patience = PATIENCE,
}: {
  settings: OutboundSettings;
  ingest: Ingest;
  redis: Redis;
  /** A connection that waits for an absent Redis. */
  connect: (name: string) => Redis;
  registry: Registry;
  budget: BodyBudget;
  clientOf: ClientAddress;
  log: Log;
  now?: () => number;
  patience?: Patience | undefined;
}): Outbound {
  const { numbers, graph, perSecond, deliveryKeys } = settings;
  const atDoor = createLedger(redis);
  const lanes = createLanes({ numbers, perSecond, redis, connect, log });
  const steps = connect("whatsapp-out");
  const ledger = createLedger(steps);
  const sender = createSender({
    graph,
    ledger,
    tell: createTell(ingest),
    metrics: createOutboundMetrics({ registry, ledger: atDoor, now }),
    log,
    now,
    hasJob: lanes.hasJob,
    patience,
  });
  const prices = createPrices(steps);
  lanes.run(sender);
  return {
    routes: createDoor({
      numbers,
      verifier: createVerifier({ keys: deliveryKeys }),
      ...{ budget, clientOf, ledger: atDoor, lanes, log, now },
    }),
    heard: async ({ messageId, phoneNumberId, raw }) => {
      const price = priceIn(raw);
      if (price !== null) await prices.count(phoneNumberId, price);
      if (await ledger.move(messageId, ["queued", "sending", "asked", "unknown"], "told")) {
        await lanes.wake(phoneNumberId, messageId);
      }
    },
    close: async () => {
      await lanes.close();
      steps.disconnect();
    },
  };
}
