import type { RequestHandler } from "express";
import { auditNote, auditQuery, millisecondsOf } from "@fio/contracts";
import type { BodyBudget } from "@fio/service/body-budget";
import type { Accounts } from "../../accounts/accounts.ts";
import { listAudit } from "../../store/audit.ts";
import { auditKey, readCursor } from "../cursor.ts";
import { linkPage } from "../link.ts";
import { noQuery, readQuery } from "../parameters.ts";
import type { Reads } from "../reads.ts";
import { adminOf } from "./accounts.ts";
import { bodyOf, currentOf } from "./signing-in.ts";

type Dependencies = { accounts: Accounts; budget: BodyBudget };

/** `GET /audit` */
export function auditRoute({ accounts, reads }: Dependencies & { reads: Reads }): RequestHandler {
  return async (request, response) => {
    await adminOf(request, accounts);
    const { person, action, from, to, limit, cursor } = readQuery(auditQuery, request);
    const after = cursor === undefined ? undefined : readCursor(auditKey, cursor, "cursor");
    const { value: page } = await reads(({ read }) =>
      listAudit(read, {
        ...{ person, action, limit, after },
        from: from === undefined ? undefined : millisecondsOf(from) * 1_000,
        to: to === undefined ? undefined : millisecondsOf(to) * 1_000,
      }),
    );
    linkPage(request, response, { rel: "next", parameter: "cursor", key: page.next });
    response.json(page.items);
  };
}

/** `POST /audit` */
export function noteRoute({ accounts, budget }: Dependencies): RequestHandler {
  return async (request, response) => {
    readQuery(noQuery, request);
    const { account } = await currentOf(request, accounts);
    const {
      action,
      conversation = null,
      receipt = null,
      account: to = null,
    } = await bodyOf(request, auditNote, budget);
    await accounts.audit({ action, actor: account.id, account: to, conversation, detail: receipt });
    response.status(204).end();
  };
}
