import { describeError } from "@fio/service/describe-error";
import type { IssuerReading } from "./picture.ts";

const LIMIT_MS = 3_000;

/** Asks it what it is, as whoever signs in by it does first. */
export async function readIssuer(address: string | undefined): Promise<IssuerReading> {
  if (address === undefined) return { kind: "none" };
  try {
    const answer = await fetch(`${address.replace(/\/$/, "")}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    if (!answer.ok) return { kind: "silent", address, error: `it answers ${answer.status}` };
    const { issuer } = (await answer.json()) as { issuer?: unknown };
    // Short, and in one line, whoever answers there.
    const says =
      typeof issuer === "string" ? issuer.replaceAll(/[^\x21-\x7e]/g, "?").slice(0, 200) : "nothing";
    return { kind: "answers", address, says };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return { kind: "silent", address, error: describeError(cause) };
  }
}
