import { logVolume } from "../test/support/log-volume.ts";

/*
 * What an event costs in the logs of both services, at info and at debug, when each is sent alone. Bounded by EVENTS.
 *
 *   node bench/logs.ts [events]
 */

const EVENTS = Number(process.argv[2] ?? 10_000);

for (const level of ["info", "debug"]) {
  const { bytes } = await logVolume({ events: EVENTS, level });
  const each = (of: number): string => (of / EVENTS).toFixed(2);
  process.stdout.write(
    `${level}: ${EVENTS} events, bytes an event: ingest ${each(bytes.ingest)}, ` +
      `conversations ${each(bytes.conversations)}, together ${each(bytes.ingest + bytes.conversations)}\n`,
  );
}
