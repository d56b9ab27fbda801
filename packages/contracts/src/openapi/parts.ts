import { z } from "zod";
import type { ZodOpenApiPathsObject, ZodOpenApiResponseObject } from "zod-openapi";
import { problem, problemOf, type Problem, type ProblemCode } from "../problem.ts";

/** What both services' documents share. */
export const OPENAPI_VERSION = "3.1.0";

export const retryAfter = z
  .string()
  .meta({ description: "Seconds to wait before the next try.", examples: ["2"] });

/** A response with one of these problems, and an example of each. */
export function problems(
  description: string,
  codes: readonly ProblemCode[],
  {
    headers,
    more = {},
  }: {
    headers?: z.ZodObject;
    /** Fields of an example beyond its code, title and status. */
    more?: Partial<Record<ProblemCode, Pick<Problem, "detail" | "errors" | "receipt">>>;
  } = {},
): ZodOpenApiResponseObject {
  const examples = Object.fromEntries(
    codes.map((code) => [code, { summary: code, value: problemOf(code, more[code]) }]),
  );
  return {
    description,
    ...(headers === undefined ? {} : { headers }),
    content: { "application/problem+json": { schema: problem, examples } },
  };
}

/** `/healthz`, `/readyz`, `/metrics` and `/openapi.json`, which every service has. */
export const operationsPaths: ZodOpenApiPathsObject = {
  "/healthz": {
    get: {
      tags: ["Operations"],
      summary: "Whether the process is alive",
      operationId: "health",
      security: [],
      responses: {
        200: {
          description: "It is.",
          content: {
            "application/json": {
              schema: z.object({ status: z.literal("ok") }),
              example: { status: "ok" },
            },
          },
        },
      },
    },
  },
  "/readyz": {
    get: {
      tags: ["Operations"],
      summary: "Whether it can do its work right now",
      operationId: "ready",
      security: [],
      responses: {
        200: {
          description: "It can.",
          content: {
            "application/json": {
              schema: z.object({ status: z.literal("ready") }),
              example: { status: "ready" },
            },
          },
        },
        503: {
          description: "It cannot, and why.",
          content: {
            "application/json": {
              schema: z.object({ status: z.literal("not ready"), detail: z.string() }),
              example: { status: "not ready", detail: "the queue is not available" },
            },
          },
        },
      },
    },
  },
  "/metrics": {
    get: {
      tags: ["Operations"],
      summary: "Metrics for Prometheus",
      operationId: "metrics",
      security: [],
      responses: {
        200: { description: "Prometheus text format.", content: { "text/plain": { schema: z.string() } } },
      },
    },
  },
  "/openapi.json": {
    get: {
      tags: ["Operations"],
      summary: "This document",
      operationId: "openapi",
      security: [],
      responses: {
        200: {
          description: "OpenAPI 3.1.",
          content: { "application/json": { schema: z.record(z.string(), z.unknown()) } },
        },
      },
    },
  },
};
