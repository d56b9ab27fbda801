import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { receiptOf, timestampOf, type AcceptedEvent } from "@fio/contracts";
import { applyBatch } from "../../services/conversations/src/store/apply.ts";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { SIDE_WRITES } from "../../services/conversations/src/store/testing/fixture.ts";
import { conversationId } from "../../services/conversations/src/store/testing/lopsided.ts";

/*
 * A process that applies messages to a store of testing/lopsided.ts, as a worker does, until it is ended:
 *
 *   node bench/support/steady-writer.ts URL EVENTS_A_SECOND NEWEST_CONVERSATION HOW_MANY_TAKE_TURNS
 *
 * Prints a line after its first transaction, and how many it has applied at its end.
 */

const [url = "", ...numbers] = process.argv.slice(2);
const [rate = 0, newest = 0, turns = 1] = numbers.map(Number);
const TICK_MS = 50;
/** Events of one transaction; one after the other while it is behind. */
const MOST = 1_000;

const store = openStore(url);
const ended = new AbortController();
let applied = 0;
process.on("SIGTERM", () => {
  ended.abort();
});

function message(n: number): AcceptedEvent {
  const now = Date.now();
  return {
    receipt: receiptOf(now * 1_000 + (n % 1_000)),
    event: {
      type: "NEW_MESSAGE",
      timestamp: timestampOf(now),
      data: {
        id: randomUUID(),
        direction: n % 3 === 0 ? "SENT" : "RECEIVED",
        content: `comum alfa t${n % 20_000} Gostaria de saber o prazo de entrega do meu pedido ${n}.`,
        conversation_id: conversationId(newest - (n % turns)),
      },
    },
  };
}

const began = performance.now();
while (!ended.signal.aborted) {
  const due = Math.floor(((performance.now() - began) / 1_000) * rate);
  const count = Math.min(MOST, due - applied);
  if (count > 0) {
    const events = Array.from({ length: count }, (_, index) => message(applied + index));
    await applyBatch(store, { ...SIDE_WRITES, events });
    if (applied === 0) process.stdout.write("writing\n");
    applied += count;
  }
  if (count < MOST) await sleep(TICK_MS);
}
process.stdout.write(`${applied} applied in ${((performance.now() - began) / 1_000).toFixed(1)} s\n`);
await store.close();
