import { SettingError } from "@fio/service/env";
import { CannotStart } from "./lib/cannot.ts";
import { HELP, readOptions } from "./simulate/options.ts";
import { createSender } from "./simulate/sender.ts";
import { noCounts, traffic, type Counts } from "./simulate/traffic.ts";

const SUMMARY_MS = process.stdout.isTTY ? 1_000 : 10_000;

async function simulate(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === null) {
    process.stdout.write(HELP);
    return;
  }
  const { url, key, rate, duration } = options;
  const alive = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(3_000) }).catch(() => null);
  if (alive === null) throw new CannotStart(`No answer from ${url}: run npm start first, or pass --url`);

  const end = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => end.abort());
  if (duration !== undefined) setTimeout(() => end.abort(), duration * 1_000).unref();

  const sender = createSender({ url, key });
  const counts = noCounts();
  process.stdout.write(`Sending about ${rate} events a second to ${url}. Press Ctrl-C to stop.\n`);
  const show = (): void => print(summary(counts, sender.retries()));
  const timer = setInterval(show, SUMMARY_MS);
  await traffic({ sender, rate, random: Math.random, counts, signal: end.signal });
  clearInterval(timer);
  show();
  if (process.stdout.isTTY) process.stdout.write("\n");
}

function summary({ customers, accepted, refused, kinds }: Counts, retries: number): string {
  const parts = [
    `${customers} customers`,
    `${accepted} accepted`,
    `${kinds.again} again`,
    `${kinds.ahead} behind their messages`,
    `${kinds.late} late`,
    `${kinds.refused} after the close`,
    ...(refused > 0 ? [`${refused} refused by ingest`] : []),
    ...(retries > 0 ? [`${retries} sent again after no answer`] : []),
  ];
  return parts.join(" · ");
}

/** One line that changes in a terminal, one line after another elsewhere. */
function print(line: string): void {
  process.stdout.write(process.stdout.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
}

try {
  await simulate();
} catch (error) {
  if (error instanceof CannotStart || error instanceof SettingError)
    process.stderr.write(`${error.message}\n`);
  else console.error(error);
  process.exit(1);
}
