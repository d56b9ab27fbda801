import { parseArgs } from "node:util";
import { z } from "zod";
import { port, readSettings } from "@fio/service/env";
import { secretKeys } from "@fio/service/secrets";
import { CannotStart } from "../lib/cannot.ts";

export type Options = {
  url: string;
  /** Signs what is posted. */
  key: Buffer | undefined;
  /** Events per second, on average. */
  rate: number;
  /** Seconds; none: until Ctrl-C. */
  duration: number | undefined;
};

export const HELP = `npm run simulate -- [--rate EVENTS_PER_SECOND] [--duration SECONDS] [--url INGEST]

Sends lifelike traffic: several customers at once, bursts, redeliveries, messages ahead of their conversation,
late ones, closes, and now and then one that must be refused. Runs until Ctrl-C.

  --rate      5 events a second, on average
  --duration  without an end
  --url       INGEST_URL, else http://127.0.0.1:INGEST_PORT (8000)

Signed with the first of WEBHOOK_SECRETS, when that is set.
`;

const settings = z.object({
  INGEST_URL: z.url({ message: "must be a URL" }).optional(),
  INGEST_PORT: port(8000),
  WEBHOOK_SECRETS: secretKeys,
});

/** `null`: help was asked for. Throws {@link CannotStart} or SettingError for what is not valid. */
export function readOptions(args: string[], environment: NodeJS.ProcessEnv): Options | null {
  const { INGEST_URL, INGEST_PORT, WEBHOOK_SECRETS } = readSettings(settings, environment);
  const flags = parseFlags(args);
  if (flags.help) return null;
  const url = flags.url ?? INGEST_URL ?? `http://127.0.0.1:${INGEST_PORT}`;
  return {
    url: url.replace(/\/+$/, ""),
    key: WEBHOOK_SECRETS[0],
    rate: positive("--rate", flags.rate) ?? 5,
    duration: positive("--duration", flags.duration),
  };
}

function parseFlags(args: string[]): { rate?: string; duration?: string; url?: string; help?: boolean } {
  const text = { type: "string" } as const;
  const options = { rate: text, duration: text, url: text, help: { type: "boolean", short: "h" } } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new CannotStart(`${(error as Error).message.split("\n")[0]}; --help lists the flags`);
  }
}

function positive(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!(number > 0) || !Number.isFinite(number)) throw new CannotStart(`${flag}: must be a number above 0`);
  return number;
}
