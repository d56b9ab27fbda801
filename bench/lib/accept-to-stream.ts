import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../test/support/until.ts";
import { openConnection } from "../generator/connection.ts";
import { startGenerator } from "../generator/generator.ts";
import { creation, message } from "../generator/traffic.ts";
import { followStream } from "./follow-stream.ts";

const CONVERSATIONS = 1_000;
const FOLLOWED = 10;
const PROBE_MS = 20;
const WARM_SECONDS = 3;

/** Milliseconds from post and from answer to the stream, of each message to a followed conversation. */
export type Times = { fromPost: number[]; fromAnswer: number[] };

/**
 * Single events at a steady rate over some connections to 1,000 conversations; a client of the live stream follows ten of
 * them, and every 20 ms a message goes to one of these. Begins with a few seconds that are not measured.
 */
export async function probeStream({
  ingestUrl,
  apiUrl,
  rate,
  connections,
}: {
  ingestUrl: string;
  apiUrl: string;
  rate: number;
  connections: number;
}): Promise<{ measure: (seconds: number) => Promise<Times>; end: () => void }> {
  const ids = Array.from({ length: CONVERSATIONS }, () => randomUUID() as string);
  const followed = ids.slice(0, FOLLOWED);
  const ended = new AbortController();
  const generator = startGenerator();
  const connection = openConnection(`${ingestUrl}/webhook/`);
  await connection.post(`[${ids.map(creation).join(",")}]`);
  const heard = await followStream(apiUrl, { conversations: followed, signal: ended.signal });
  const load = {
    ...{ url: ingestUrl, connections, events: 1, traffic: "messages" as const, conversations: ids },
    ...{ most: 1e9, rate },
  };
  await generator.send({ ...load, seconds: WARM_SECONDS });

  const measure = async (seconds: number): Promise<Times> => {
    const posted = new Map<string, { at: number; answeredAt: number }>();
    const loaded = new AbortController();
    const loading = generator.send({ ...load, seconds }).finally(() => loaded.abort());
    for (let index = 0; !loaded.signal.aborted; index += 1) {
      const id = randomUUID();
      const at = performance.now();
      const status = await connection.post(message(followed[index % FOLLOWED] ?? "", false, id));
      if (status !== 202) throw new Error(`not accepted: ${status}`);
      posted.set(id, { at, answeredAt: performance.now() });
      await sleep(PROBE_MS);
    }
    const { refused, unanswered } = await loading;
    if (unanswered > 0 || Object.keys(refused).length > 0)
      throw new Error(`refused: ${JSON.stringify(refused)}`);
    await until(() => [...posted.keys()].every((id) => heard.has(id)), {
      what: "all messages are in the stream",
      limitMs: 60_000,
    });
    const times = (since: "at" | "answeredAt"): number[] =>
      [...posted].map(([id, one]) => (heard.get(id) ?? NaN) - one[since]);
    return { fromPost: times("at"), fromAnswer: times("answeredAt") };
  };
  return {
    measure,
    end: () => {
      connection.end();
      ended.abort();
      generator.end();
    },
  };
}
