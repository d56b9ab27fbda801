import { total } from "../generator/load.ts";
import { quantile } from "../support/figures.ts";
import { cpuBetween, postgresFlushes, read, redisFlushes, watchMemory, type PostgresMeter } from "./meter.ts";
import { startProbe } from "./probe.ts";
import { ratio } from "./statistics.ts";
import type { Generator } from "../generator/generator.ts";
import type { Shape } from "../plan/cells.ts";
import type { Sample } from "./sample.ts";
import type { Subject } from "./subject.ts";

/** Sends the load, waits until all of it is applied, and checks that nothing was lost. Throws when something was. */
export async function measureCell({
  subject,
  shape: { traffic, held = false, ...shape },
  limits,
  generator,
  postgres,
}: {
  subject: Subject;
  shape: Shape & { rate?: number };
  limits: { seconds: number; most: number };
  generator: Generator;
  postgres: PostgresMeter | null;
}): Promise<Sample> {
  const { system } = subject;
  if (held) await system.hold();
  const memory = watchMemory(system);
  const conversations = traffic === "hot" ? [subject.hot] : subject.conversations;
  const probe =
    system.redis === null || system.store === null || held
      ? null
      : startProbe(system.url, system.store, conversations[0] ?? subject.hot);

  const before = await read(system, postgres);
  const result = await generator.send({
    ...shape,
    ...limits,
    url: system.url,
    traffic: traffic === "mixed" ? "mixed" : "messages",
    conversations,
  });
  subject.took(result);
  const loaded = await read(system, postgres);
  if (held) await system.release();
  const waiting = held ? await system.pending() : 0;
  const working = await read(system, postgres);
  const probed = (await probe?.end()) ?? { accepted: 0, times: [] };
  subject.took({ accepted: { created: 0, messages: probed.accepted, closed: 0 }, unanswered: 0 });
  await subject.untilApplied();
  const applied = await read(system, postgres);

  const accepted = total(result.accepted);
  const events = accepted + probed.accepted;
  const failed = Object.values(result.refused).reduce((sum, count) => sum + count, result.unanswered);
  const keepsEvents = system.store !== null;
  const drained = held
    ? ratio(waiting, (applied.at - working.at) / 1_000)
    : ratio(events, (applied.at - before.at) / 1_000);
  const draining = cpuBetween(working, applied, waiting);
  const worked = { worker: draining.worker, postgres: draining.postgres };
  return {
    accepted,
    perSecond: accepted / result.seconds,
    latency: result.latency,
    appliedPerSecond: keepsEvents && drained !== null && drained > 0 ? drained : null,
    toApplied:
      probed.times.length === 0
        ? null
        : { p50: quantile(probed.times, 0.5), p99: quantile(probed.times, 0.99) },
    cpu: held ? { ...cpuBetween(before, loaded, accepted), ...worked } : cpuBetween(before, applied, events),
    fsyncs: {
      redis: redisFlushes(before, held ? loaded : applied, events),
      postgres: postgresFlushes(before, applied, ratio(result.accepted.messages, accepted) ?? 0),
    },
    memory: memory(),
    generator: result.cpuSeconds / result.seconds,
    keptOut: await subject.check(),
    failed,
  };
}
