import { idOf, timestampOf, type NewMessage, type Receipt, type WebhookEvent } from "@fio/contracts";
import { until } from "../../support/until.ts";
import { demand } from "../demand.ts";
import { BOTH, type Fault } from "../fault.ts";
import { freshCreation, outcomeOf, replay } from "../recovery.ts";
import type { Rig } from "../rig/rig.ts";

const POISON = "veneno";

/** The store's own refusal of one content stands for a bug that one event meets every time. */
const ON: Record<Rig["database"], string[]> = {
  postgres: [
    `create function refuse_poison() returns trigger language plpgsql as $$
       begin if new.content = '${POISON}' then raise exception 'poison'; end if; return new; end $$`,
    "create trigger refuse_poison before insert on messages for each row execute function refuse_poison()",
  ],
  sqlite: [
    `create trigger refuse_poison before insert on messages when new.content = '${POISON}'
       begin select raise(abort, 'poison'); end`,
  ],
};
const OFF: Record<Rig["database"], string[]> = {
  postgres: ["drop function refuse_poison cascade"],
  sqlite: ["drop trigger refuse_poison"],
};

/** It must end as INTERNAL_ERROR beside neighbours that are applied, and be replayed once the bug is gone. */
const failing: Fault = {
  name: "an event that fails each time, and its replay",
  on: BOTH,
  limitMs: 15_000,
  strike: async (rig) => {
    const { batch, poison } = poisonedBatch(rig, POISON);
    rig.journal.poison(poison);
    for (const statement of ON[rig.database]) await rig.store.run(statement);
    let receipts: Receipt[];
    try {
      receipts = await rig.sender.deliver(batch);
      await neighboursApplied(rig, batch, poison);
      await until(() => isInternalError(rig, poison), { what: "the poison event is kept as INTERNAL_ERROR" });
    } finally {
      for (const statement of OFF[rig.database]) await rig.store.run(statement);
    }
    const returnedAt = performance.now();
    const receipt = receipts[batch.indexOf(poison)];
    demand(receipt !== undefined, "the poison event has no receipt");
    await replay(rig, receipt);
    return {
      proof: "kept as INTERNAL_ERROR beside applied neighbours, replayed after the fix",
      returnedAt,
      also: async () => {
        const outcome = await outcomeOf(rig, poison);
        return outcome?.outcome === "applied" && outcome.receipt === receipt;
      },
    };
  },
};

/** A conversation whose second message is poison, between two that are well. */
export function poisonedBatch(rig: Rig, content: string): { batch: WebhookEvent[]; poison: NewMessage } {
  const creation = freshCreation(rig);
  const message = (text: string): NewMessage => ({
    type: "NEW_MESSAGE",
    timestamp: timestampOf(Date.now()),
    data: { id: rig.random.uuid(), direction: "RECEIVED", content: text, conversation_id: idOf(creation) },
  });
  const poison = message(content);
  return { batch: [creation, message("antes"), poison, message("depois")], poison };
}

export async function neighboursApplied(
  rig: Rig,
  batch: readonly WebhookEvent[],
  poison: WebhookEvent,
): Promise<void> {
  for (const event of batch) {
    if (event === poison) continue;
    await until(async () => (await outcomeOf(rig, event))?.outcome === "applied", {
      what: "the neighbours of a poison event are applied",
      limitMs: 90_000,
    });
  }
}

export async function isInternalError(rig: Rig, event: WebhookEvent): Promise<boolean> {
  return (await outcomeOf(rig, event))?.reason === "INTERNAL_ERROR";
}

export const failingEvents: Fault[] = [failing];
