import type { Request } from "express";
import type { z } from "zod";
import { faultsOf, problemOf, SESSION_HEADER } from "@fio/contracts";
import type { BodyBudget } from "@fio/service/body-budget";
import { ProblemError } from "@fio/service/http";
import { readBody } from "@fio/service/read-body";
import type { Accounts, Current } from "../../accounts/accounts.ts";
import { invalidParameter } from "../parameters.ts";

const MAX_BYTES = 16 * 1024;

/** Throws the problem of a session that has ended. */
export async function currentOf(request: Request, accounts: Accounts): Promise<Current> {
  const token = request.headers[SESSION_HEADER];
  const current = typeof token === "string" ? await accounts.current(token) : null;
  if (current === null) throw new ProblemError(problemOf("SESSION_ENDED"));
  return current;
}

/** Whose session it is, by the account's id, of a call that can do without; `null`: the bearer of the token alone. */
export async function whoOf(request: Request, accounts: Accounts): Promise<string | null> {
  if (request.headers[SESSION_HEADER] === undefined) return null;
  return (await currentOf(request, accounts)).account.id;
}

/** A body of JSON that fits; throws its problem. */
export async function bodyOf<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  budget: BodyBudget,
): Promise<z.output<Schema>> {
  const client = request.socket.remoteAddress ?? "unknown";
  const body = await readBody(request, { maxBytes: MAX_BYTES, budget, client });
  // Nobody is left to answer.
  if (body.kind === "gone") throw new ProblemError(problemOf("MALFORMED_REQUEST"));
  if (body.kind === "refused") {
    throw new ProblemError(
      body.problem,
      body.retryAfter === undefined ? {} : { retryAfter: body.retryAfter },
    );
  }
  const parsed = schema.safeParse(jsonOf(body.bytes));
  if (!parsed.success) throw invalidParameter(faultsOf(parsed.error));
  return parsed.data;
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new ProblemError(problemOf("MALFORMED_JSON"));
  }
}
