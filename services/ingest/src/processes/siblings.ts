import process from "node:process";
import type { Registry } from "prom-client";
import type { Readiness } from "@fio/service/operations";
import { openQuestions } from "./questions.ts";

/** Above what the primary waits for. */
const ANSWER_MS = 3_000;

/** What one process of an ingest says of itself. */
export type Own = { registry: Registry; readiness: Readiness };
/** The same of all of them. */
export type Whole = { metrics: () => Promise<string>; readiness: Readiness };

/** For a process that a primary has started: whichever is asked answers for all. */
export function joinSiblings({ registry, readiness }: Own): Whole {
  const questions = openQuestions({
    channel: {
      send: (message) => void process.send?.(message, undefined, undefined, () => {}),
      onMessage: (take) => process.on("message", take),
    },
    answers: { metrics: () => registry.getMetricsAsJSON(), readiness },
  });
  return {
    metrics: async () => String(await questions.ask("metrics", ANSWER_MS)),
    readiness: async () => {
      const fault = await questions
        .ask("readiness", ANSWER_MS)
        .catch(() => "the first process of this ingest does not answer");
      return typeof fault === "string" ? fault : null;
    },
  };
}
