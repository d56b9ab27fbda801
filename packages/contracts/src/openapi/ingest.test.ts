import { expect, test } from "vitest";
import { z } from "zod";
import { webhookAnswer } from "../answer.ts";
import { postedEvent } from "../event.ts";
import { PROBLEMS, problem, type ProblemCode } from "../problem.ts";
import { ingestOpenApi } from "./ingest.ts";

type Content = Record<string, { example?: unknown; examples?: Record<string, { value: unknown }> }>;
type Operation = {
  summary?: string;
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
};
const document = JSON.parse(JSON.stringify(ingestOpenApi())) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};
const webhook = document.paths["/webhook/"]!["post"]!;

const examplesOf = (content: Content | undefined): unknown[] =>
  Object.values(content ?? {}).flatMap(({ example, examples }) => [
    ...(example === undefined ? [] : [example]),
    ...Object.values(examples ?? {}).map(({ value }) => value),
  ]);

test("it is OpenAPI 3.1, and every operation says what it is for", () => {
  expect(document.openapi).toBe("3.1.0");
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) expect(operation.summary).toBeTruthy();
  }
});

test("every reference leads somewhere", () => {
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  const names = [...references].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(document.components.schemas).toHaveProperty([name]);
});

test("the examples to post are valid events", () => {
  const examples = examplesOf(webhook.requestBody?.content);
  expect(examples).toHaveLength(10);
  for (const example of examples) z.union([postedEvent, z.array(postedEvent)]).parse(example);
});

test("the examples of answers have the shapes that are answered", () => {
  for (const status of ["200", "201", "202"]) {
    const examples = examplesOf(webhook.responses[status]?.content);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) webhookAnswer.parse(example);
  }
});

test("every problem that ingest answers stands under its own status", () => {
  const told = Object.entries(webhook.responses)
    .filter(([status]) => Number(status) >= 400)
    .flatMap(([status, { content }]) =>
      examplesOf(content).map((example) => ({ under: Number(status), ...problem.parse(example) })),
    );
  for (const { code, status, under } of told)
    expect([status, under]).toEqual(Array(2).fill(PROBLEMS[code].status));
  const codes: ProblemCode[] = [
    "MALFORMED_REQUEST",
    "EXPECTATION_FAILED",
    "HEADERS_TOO_LARGE",
    "TOO_SLOW",
    "TOO_MANY_BODIES",
    "MALFORMED_JSON",
    "INVALID_EVENT",
    "SIGNATURE_INVALID",
    "METHOD_NOT_ALLOWED",
    "NOT_AN_AGENT",
    "BODY_TOO_LARGE",
    "UNSUPPORTED_MEDIA_TYPE",
    "QUEUE_UNAVAILABLE",
    "BACKLOG_FULL",
    "INTERNAL_ERROR",
    "CONVERSATION_CLOSED",
    "CONVERSATION_ALREADY_CLOSED",
    "CONVERSATION_NOT_FOUND",
    "CONVERSATION_ALREADY_EXISTS",
    "CONVERSATION_ERASED",
    "MESSAGE_ID_CONFLICT",
    "MESSAGE_NOT_FOUND",
  ];
  expect(told.map(({ code }) => code).toSorted()).toEqual(codes.toSorted());
});
