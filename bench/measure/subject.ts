import { randomUUID } from "node:crypto";
import { until } from "../../test/support/until.ts";
import { openConnection } from "../generator/connection.ts";
import { NO_KINDS, plus, type Kinds, type LoadResult } from "../generator/load.ts";
import { creation } from "../generator/traffic.ts";
import { whatIsWrong } from "./lost.ts";
import type { System } from "../systems/system.ts";

/** A system with the conversations that messages go to, and an account of all that it has accepted. */
export type Subject = {
  system: System;
  conversations: string[];
  /** One of its own for the traffic that all goes to one. */
  hot: string;
  took: (result: Pick<LoadResult, "accepted" | "unanswered">) => void;
  /** Resolves once nothing waits. */
  untilApplied: () => Promise<void>;
  /** Throws when something was lost or is there twice; else how many events were kept out since it was last asked. */
  check: () => Promise<number>;
};

/** A backlog of a slow rival: it is allowed to be slow. */
const APPLIED_LIMIT_MS = 300_000;
const LOOK_MS = 100;

/** `known`: conversations that are in the store already, in place of new ones. */
export async function prepareSubject(
  system: System,
  { count, known }: { count: number; known?: string[] | undefined },
): Promise<Subject> {
  let [accepted, unanswered, keptOutBefore]: [Kinds, number, number] = [NO_KINDS, 0, 0];
  const initial = (await system.store?.counts()) ?? NO_KINDS;
  const hot = randomUUID();
  const fresh = known === undefined ? Array.from({ length: count }, () => randomUUID() as string) : [];

  const subject: Subject = {
    system,
    hot,
    conversations: known ?? fresh,
    took: (result) => {
      accepted = plus(accepted, result.accepted);
      unanswered += result.unanswered;
    },
    untilApplied: async () => {
      await until(async () => (await system.pending()) === 0, {
        what: "all accepted events are applied",
        limitMs: APPLIED_LIMIT_MS,
        everyMs: LOOK_MS,
      });
    },
    check: async () => {
      if (system.store === null) return 0;
      const now = await system.store.counts();
      const keptOut = await system.keptOut();
      const applied = {
        created: now.created - initial.created,
        messages: now.messages - initial.messages,
        closed: now.closed - initial.closed,
      };
      const wrong = whatIsWrong({ accepted, unanswered, applied, keptOut });
      if (wrong !== null) throw new Error(wrong);
      const since = keptOut - keptOutBefore;
      keptOutBefore = keptOut;
      return since;
    },
  };
  const connection = openConnection(`${system.url}/webhook/`);
  const all = [hot, ...fresh];
  for (let from = 0; from < all.length; from += 1_000) {
    const part = all.slice(from, from + 1_000);
    const status = await connection.post(`[${part.map(creation).join(",")}]`);
    if (status === null || status >= 300) throw new Error(`creations were answered ${status}`);
    subject.took({ accepted: { ...NO_KINDS, created: part.length }, unanswered: 0 });
  }
  connection.end();
  await subject.untilApplied();
  await subject.check();
  return subject;
}
