import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "../support/figures.ts";
import { openConnection } from "./connection.ts";
import { NO_KINDS, plus, total, type Load, type LoadResult } from "./load.ts";
import { traffic } from "./traffic.ts";

/** A connection that breaks is opened anew, after so long. */
const RETRY_MS = 50;

/** Sends a load over connections of its own, and counts. */
export async function sendLoad(load: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const refused: Record<string, number> = {};
  let [accepted, unanswered, sent] = [NO_KINDS, 0, 0];
  const cpu = process.cpuUsage();
  const started = performance.now();
  const end = started + load.seconds * 1_000;

  /** When the next request is to be sent; `null` when there is none. */
  const nextDue = (): number | null => {
    const due = load.rate === undefined ? performance.now() : started + (sent / load.rate) * 1_000;
    if (due >= end || sent >= load.most) return null;
    sent += load.events;
    return due;
  };
  const line = async (): Promise<void> => {
    const connection = openConnection(`${load.url}/webhook/`);
    const next = traffic(load);
    for (let due = nextDue(); due !== null; due = nextDue()) {
      const early = due - performance.now();
      if (early > 0) await sleep(early);
      const { body, kinds } = next();
      const status = await connection.post(body);
      if (status === null) {
        unanswered += total(kinds);
        await sleep(RETRY_MS);
      } else if (status < 200 || status >= 300) {
        refused[status] = (refused[status] ?? 0) + total(kinds);
      } else {
        accepted = plus(accepted, kinds);
        latencies.push(performance.now() - due);
      }
    }
    connection.end();
  };

  await Promise.all(Array.from({ length: load.connections }, line));
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((at) => quantile(latencies, at)) as [
    number,
    number,
    number,
  ];
  return {
    accepted,
    refused,
    unanswered,
    seconds,
    latency: { p50, p99, p999 },
    cpuSeconds: (user + system) / 1_000_000,
  };
}
