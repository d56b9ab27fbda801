import { randomUUID } from "node:crypto";
import { creation, message } from "../../support/events.ts";
import { hubSignature } from "../../support/sign.ts";
import { post } from "../attacks/signatures.ts";
import { attack, WORDS } from "./attack.ts";
import { ask } from "./raw.ts";
import { serve } from "./served.ts";
import { attackSlowly } from "./slowly.ts";
import { createTally, type Tally } from "./tally.ts";
import { SECRETS, startTarget, type Target } from "./target.ts";

/** A running Fio, who is served all the while, and what attacks need to know. */
export type Range = Target & {
  web: string;
  api: string;
  ingest: string;
  /** Of an agent who is let in, and a conversation that she reads. */
  cookie: string;
  conversation: string;
  tally: Tally;
  attack: (
    ...args: Parameters<typeof attack> extends [Tally, ...infer Rest] ? Rest : never
  ) => ReturnType<typeof attack>;
  served: ReturnType<typeof serve>;
  slow: ReturnType<typeof attackSlowly>;
};

export async function openRange(options: Parameters<typeof startTarget>[0] = {}): Promise<Range> {
  const target = await startTarget(options);
  const { system } = target;
  try {
    const cookie = await target.signedIn("ana@fio.example", "Ana Lima");
    // Before there is traffic: SQLite has one writer, and the command does not wait for it.
    await target.signedIn("bia@fio.example", "Bia Reis");
    const conversation = randomUUID();
    for (const event of [creation(conversation), message(conversation, { content: WORDS })]) {
      const body = JSON.stringify(event);
      const signed = { ...hubSignature(body, SECRETS.WEBHOOK_SECRETS), prefer: "wait=25" };
      const { status } = await ask(system.ingestUrl, post(body, signed));
      if (status !== "201") throw new Error(`what is signed was answered ${status}`);
    }
    const tally = createTally();
    const served = serve(system, { cookie, conversation });
    const slow = attackSlowly({ system, tally });
    slow.catch(() => {});
    return {
      ...target,
      web: system.webUrl,
      api: system.apiUrl,
      ingest: system.ingestUrl,
      cookie,
      conversation,
      tally,
      attack: (...args) => attack(tally, ...args),
      served,
      slow,
    };
  } catch (error) {
    await target.remove();
    throw error;
  }
}
