import { createHash, timingSafeEqual } from "node:crypto";
import type { RequestHandler } from "express";
import { problemOf } from "@fio/contracts";
import { sendProblem } from "@fio/service/http";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * Lets a request through that carries one of the tokens as `Authorization: Bearer`; `null` lets every request through.
 * How long it takes says nothing about a token: digests of equal length are compared, and always with all of them.
 */
export function access(tokens: readonly string[] | null): RequestHandler {
  const known = tokens?.map(digest) ?? null;
  return (request, response, next) => {
    const [, given] = /^Bearer +([^ ]+) *$/i.exec(request.headers.authorization ?? "") ?? [];
    if (known === null || (given !== undefined && matchesAny(digest(given), known))) {
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

function matchesAny(given: Buffer, known: readonly Buffer[]): boolean {
  return known.map((token) => timingSafeEqual(token, given)).includes(true);
}
