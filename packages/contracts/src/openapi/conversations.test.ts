import { expect, test } from "vitest";
import { z } from "zod";
import { liveFrame } from "../change.ts";
import {
  conversation,
  conversationRow,
  erasure,
  eventOutcome,
  historyEntry,
  rejection,
  searchHit,
} from "../conversation.ts";
import { failedDelivery, messageDelivery } from "../delivery.ts";
import { PROBLEMS, problem, type ProblemCode } from "../problem.ts";
import { counts, replayed } from "../reading.ts";
import { conversationsOpenApi } from "./conversations.ts";

type Content = Record<string, { example?: unknown; examples?: Record<string, { value: unknown }> }>;
type Operation = {
  summary?: string;
  operationId?: string;
  security?: unknown[];
  parameters?: Array<{ name: string; in: string; schema: Record<string, unknown> }>;
  responses: Record<string, { description: string; content?: Content; headers?: Record<string, unknown> }>;
};
const document = JSON.parse(JSON.stringify(conversationsOpenApi())) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};
const operation = (path: string, method = "get"): Operation => document.paths[path]![method]!;
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
const examplesOf = (content: Content | undefined): unknown[] =>
  Object.values(content ?? {}).flatMap(({ example, examples }) => [
    ...(example === undefined ? [] : [example]),
    ...Object.values(examples ?? {}).map(({ value }) => value),
  ]);
const parameter = (path: string, name: string) =>
  operation(path).parameters?.find((one) => one.name === name);

test("it is OpenAPI 3.1, and every operation says what it is for, under a name of its own", () => {
  expect(document.openapi).toBe("3.1.0");
  for (const { summary, operationId } of operations) expect([summary, operationId]).not.toContain(undefined);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
});

test("every call of the read API is there", () => {
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      "/conversations/",
      "/conversations/{id}/",
      "/conversations/{id}/events",
      "/counts",
      "/erasures",
      "/events/{type}/{id}",
      "/search",
      "/rejections",
      "/rejections/{receipt}/replay",
      "/stream",
      "/healthz",
      "/readyz",
      "/metrics",
      "/openapi.json",
    ]),
  );
});

test("every reference leads somewhere", () => {
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  for (const [, name] of references) expect(document.components.schemas).toHaveProperty([name!]);
});

test.each([
  ["/conversations/", "get", "200", z.array(conversationRow)],
  ["/conversations/{id}/", "get", "200", conversation],
  ["/conversations/{id}/events", "get", "200", z.array(historyEntry)],
  ["/counts", "get", "200", counts],
  ["/erasures", "get", "200", z.array(erasure)],
  ["/events/{type}/{id}", "get", "200", eventOutcome],
  ["/search", "get", "200", z.array(searchHit)],
  ["/rejections", "get", "200", z.array(rejection)],
  ["/deliveries", "get", "200", z.array(failedDelivery)],
  ["/deliveries/{id}/retry", "post", "202", messageDelivery],
  ["/deliveries/{id}/seen", "post", "200", messageDelivery],
  ["/rejections/{receipt}/replay", "post", "202", replayed],
])("the example of %s %s has the shape that is answered", (path, method, status, shape) => {
  const examples = examplesOf(operation(path, method).responses[status]?.content);
  expect(examples).toHaveLength(1);
  shape.parse(examples[0]);
});

test("the example of the stream is made of frames as they are sent", () => {
  const [text] = examplesOf(operation("/stream").responses["200"]?.content) as [string];
  const data = text.matchAll(/^data: (.*)$/gm);
  const frames = [...data].map(([, json]) => liveFrame.parse(JSON.parse(json!)));
  expect(frames.map(({ event }) => event)).toEqual(["ready", "message", "conversation"]);
});

test("every problem that the read API answers stands under its own status", () => {
  const codes = new Set<ProblemCode>();
  for (const { responses } of operations) {
    for (const [status, { content }] of Object.entries(responses)) {
      if (Number(status) < 400 || content?.["application/problem+json"] === undefined) continue;
      for (const example of examplesOf(content)) {
        const { code, status: own } = problem.parse(example);
        expect([own, Number(status)]).toEqual(Array(2).fill(PROBLEMS[code].status));
        codes.add(code);
      }
    }
  }
  expect([...codes].toSorted()).toEqual([
    "ACCOUNT_DISABLED",
    "ACCOUNT_EXISTS",
    "ACCOUNT_NOT_FOUND",
    "ACCOUNT_OWN",
    "BODY_TOO_LARGE",
    "CODE_WRONG",
    "CONTACT_NOT_FOUND",
    "CONVERSATION_ERASED",
    "CONVERSATION_NOT_FOUND",
    "DELIVERY_NOT_FOUND",
    "EVENT_NOT_FOUND",
    "INTERNAL_ERROR",
    "INVALID_PARAMETER",
    "LINK_USED",
    "MALFORMED_JSON",
    "MESSAGE_NOT_FOUND",
    "METHOD_NOT_ALLOWED",
    "NOT_AN_ADMIN",
    "NOT_FAILED",
    "NOT_REPLAYABLE",
    "OIDC_AWAY",
    "OIDC_DENIED",
    "OIDC_ENDED",
    "OIDC_FAILED",
    "OIDC_NO_ACCOUNT",
    "OIDC_OFF",
    "OIDC_UNVERIFIED",
    "PASSWORD_COMMON",
    "PASSWORD_WRONG",
    "QUEUE_UNAVAILABLE",
    "REJECTION_NOT_FOUND",
    "SECOND_FACTOR_OFF",
    "SECOND_FACTOR_ON",
    "SECOND_STEP_ENDED",
    "SESSION_ENDED",
    "SESSION_NOT_FOUND",
    "SIGN_IN_REFUSED",
    "STORE_UNAVAILABLE",
    "TOO_MANY_ATTEMPTS",
    "TOO_MANY_SIGN_INS",
    "UNAUTHORIZED",
  ]);
});

test("parameters are described as clients write them", () => {
  expect(parameter("/conversations/", "limit")?.schema).toMatchObject({
    type: "integer",
    minimum: 1,
    maximum: 1000,
    default: 50,
  });
  expect(JSON.stringify(parameter("/conversations/", "state"))).toContain("ConversationState");
  expect(parameter("/stream", "conversation")?.schema).toMatchObject({ type: "array", maxItems: 20 });
  expect(parameter("/rejections", "reason")?.schema).toMatchObject({
    type: "array",
    items: { $ref: "#/components/schemas/RejectionReason" },
  });
  expect(operation("/conversations/").responses["200"]?.headers).toHaveProperty(["X-Stream-Position"]);
});

test("only the operations routes are open where tokens are set", () => {
  const open = Object.entries(document.paths).filter(([, path]) =>
    Object.values(path).some(({ security }) => security?.length === 0),
  );
  expect(open.map(([path]) => path).toSorted()).toEqual(["/healthz", "/metrics", "/openapi.json", "/readyz"]);
});
