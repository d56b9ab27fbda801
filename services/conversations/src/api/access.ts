import type { RequestHandler } from "express";
import { problemOf } from "@fio/contracts";
import { sendProblem } from "@fio/service/http";
import { tokenMatcher } from "@fio/service/secrets";

/** Lets a request through that carries one of the tokens as `Authorization: Bearer`; `null` lets every request through. */
export function access(tokens: readonly string[] | null): RequestHandler {
  const isKnown = tokens === null ? null : tokenMatcher(tokens);
  return (request, response, next) => {
    const [, given] = /^Bearer +([^ ]+) *$/i.exec(request.headers.authorization ?? "") ?? [];
    if (isKnown === null || (given !== undefined && isKnown(given))) {
      next();
      return;
    }
    response.set(
      "WWW-Authenticate",
      `Bearer realm="fio"${given === undefined ? "" : ', error="invalid_token"'}`,
    );
    sendProblem(response, problemOf("UNAUTHORIZED"));
  };
}
