import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { describeError } from "@fio/service/describe-error";
import type { PartReading } from "./picture.ts";
import { readMetrics } from "./read-metrics.ts";
import { skewOf } from "./skew.ts";

const LIMIT_MS = 3_000;

/** Asks every process behind each name: `docker compose up --scale worker=3` is three. */
export async function readParts(
  parts: ReadonlyArray<{ name: string; url: string }>,
  { operationsPort }: { operationsPort: number | undefined },
): Promise<PartReading[]> {
  const readings = await Promise.all(
    parts.map(async ({ name, url }): Promise<PartReading[]> => {
      const addresses = await addressesOf(url).catch((error: unknown) => describeError(error));
      if (typeof addresses === "string") return [{ name, kind: "silent", address: url, error: addresses }];
      return Promise.all(addresses.map((address) => readPart(name, address, operationsPort)));
    }),
  );
  return readings.flat();
}

/** The same URL with each address that its name leads to; as it is where TLS wants the name. */
async function addressesOf(url: string): Promise<string[]> {
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:" || hostname === "localhost") return [url];
  const found = await lookup(hostname.replace(/^\[|\]$/g, ""), { all: true, family: 0 });
  return found.map(({ address }) => {
    const one = new URL(url);
    one.hostname = isIPv6(address) ? `[${address}]` : address;
    return one.origin;
  });
}

async function readPart(name: string, url: string, operationsPort: number | undefined): Promise<PartReading> {
  const operations = new URL(url);
  if (operationsPort !== undefined) operations.port = String(operationsPort);
  try {
    const before = Date.now();
    const answer = await get(`${url}/readyz`);
    const after = Date.now();
    const { detail } = (await answer.json().catch(() => ({}))) as { detail?: string };
    const metrics = await get(`${operations.origin}/metrics`).then(
      async (response) => (response.ok ? readMetrics(await response.text()) : null),
      () => null,
    );
    return {
      ...{ name, kind: "answers", address: url, metrics },
      fault: answer.status === 200 ? null : (detail ?? `it answers ${answer.status}`),
      skewMs: skewOfDate(answer.headers.get("date"), { before, after }),
    };
  } catch (error) {
    return { name, kind: "silent", address: url, error: reasonOf(error) };
  }
}

const get = (url: string): Promise<Response> => fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });

/** `fetch` puts the reason into the cause. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return `not within ${LIMIT_MS / 1_000} s`;
  return describeError(error instanceof Error && error.cause !== undefined ? error.cause : error);
}

/** The header tells whole seconds. */
function skewOfDate(date: string | null, read: { before: number; after: number }): number {
  const from = Date.parse(date ?? "");
  return Number.isNaN(from) ? 0 : skewOf({ ...read, from, to: from + 999 });
}
