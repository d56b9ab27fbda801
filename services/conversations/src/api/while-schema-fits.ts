import type { RequestHandler } from "express";
import { problemOf } from "@fio/contracts";
import { ProblemError } from "@fio/service/http";

/** Answers 503 while the store's schema is not this code's: what is read might be wrong. `fault` says why, or `null`. */
export const whileSchemaFits =
  (fault: () => string | null): RequestHandler =>
  (_request, _response, next) => {
    const detail = fault();
    if (detail === null) next();
    else next(new ProblemError(problemOf("STORE_UNAVAILABLE", { detail }), { retryAfter: 2 }));
  };
