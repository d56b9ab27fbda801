import type { RequestHandler, Response } from "express";
import { SESSION_HEADER } from "@fio/contracts";
import type { Accounts } from "../accounts/accounts.ts";
import type { Sight } from "../store/queries/sight.ts";
import { currentOf } from "./routes/signing-in.ts";

/** What accounts of agents may see: all conversations, or their own and nobody's. */
export type AgentsSee = "all" | "own";

/**
 * Settles once for each request what whoever asks may see, for {@link sightOf}. Admins see all, and so does the bearer of a
 * token alone, which is no agent.
 */
export function settleSight({
  accounts,
  agentsSee,
}: {
  accounts: Accounts;
  agentsSee: AgentsSee;
}): RequestHandler {
  return async (request, response, next) => {
    response.locals["sight"] = null;
    const session = request.headers[SESSION_HEADER];
    if (agentsSee === "own" && session !== undefined && session !== "") {
      const { account } = await currentOf(request, accounts);
      if (account.role !== "admin") response.locals["sight"] = { agent: account.id } satisfies Sight;
    }
    next();
  };
}

/** What whoever asks may see. Throws where it was not settled: nothing is told then. */
export function sightOf({ locals }: Pick<Response, "locals">): Sight {
  const sight = locals["sight"] as Sight | undefined;
  if (sight === undefined) throw new Error("what may be seen is not settled");
  return sight;
}
