import { z } from "zod";
import { createDocument, type ZodOpenApiResponsesObject } from "zod-openapi";
import { accepted, acceptedArray, results, settled } from "../answer.ts";
import { postedEvent } from "../event.ts";
import { MAX_EVENTS_PER_REQUEST } from "../limits.ts";
import { problemOf } from "../problem.ts";
import type { Receipt } from "../receipts.ts";
import { OPENAPI_VERSION, operationsPaths, problems, retryAfter } from "./parts.ts";

type Document = ReturnType<typeof createDocument>;

const conversationId = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";
const messageId = "49108c71-4dca-4af3-9f32-61bc745926e2";
const first = "1740133242349308" as Receipt;
const second = "1740133242349309" as Receipt;

const creation = {
  type: "NEW_CONVERSATION",
  timestamp: "2025-02-21T10:20:41.349308",
  data: { id: conversationId },
} as const;
const received = {
  type: "NEW_MESSAGE",
  timestamp: "2025-02-21T10:20:42.349308",
  data: {
    id: messageId,
    direction: "RECEIVED",
    content: "Olá, tudo bem?",
    conversation_id: conversationId,
  },
} as const;
const photo = {
  type: "NEW_MESSAGE",
  timestamp: "2025-02-21T10:20:43.000000",
  data: {
    id: "0b0d3c0e-4f3a-4a55-8a43-5a5b4c6d7e8f",
    direction: "RECEIVED",
    content: "Foto\na peça que chegou",
    conversation_id: conversationId,
    media: {
      kind: "image",
      url: "https://files.example.com/9f3c/peca.jpg",
      mime_type: "image/jpeg",
      size: 184_213,
    },
  },
} as const;
const answer = {
  type: "NEW_MESSAGE",
  timestamp: "2025-02-21T10:20:44.349308",
  data: {
    id: "16b63b04-60de-4257-b1a1-20a5154abc6d",
    direction: "SENT",
    content: "Tudo ótimo e você?",
    conversation_id: conversationId,
    author: { id: "marina", name: "Marina Alves" },
  },
} as const;
const close = {
  type: "CLOSE_CONVERSATION",
  timestamp: "2025-02-21T10:20:45.349308",
  data: { id: conversationId },
} as const;

const resolved = {
  type: "RESOLVE_REJECTION",
  timestamp: "2025-02-21T10:21:03.000000",
  data: { receipt: second, conversation_id: conversationId, how: "seen" },
} as const;

const assigned = {
  type: "ASSIGN_CONVERSATION",
  timestamp: "2025-02-21T10:20:43.000000",
  data: { id: conversationId, agent: { id: "marina", name: "Marina Alves" } },
} as const;

const status = {
  type: "MESSAGE_STATUS",
  timestamp: "2025-02-21T10:20:46.000000",
  data: { message_id: answer.data.id, conversation_id: conversationId, status: "DELIVERED" },
} as const;

const updated = {
  type: "UPDATE_CONTACT",
  timestamp: "2025-02-21T10:21:10.000000",
  data: {
    channel: "whatsapp:551140001234",
    id: "5511912345678",
    name: "Ana Souza",
    phone: "+55 11 91234-5678",
  },
} as const;

const requestHeaders = z.object({
  prefer: z
    .string()
    .optional()
    .meta({
      description:
        "`wait=N` (RFC 7240): wait up to N seconds, 1 to 30, for the outcome of the events. More counts as 30; what " +
        "cannot be read or is less than 1 is ignored. `Preference-Applied` says whether it was honoured: while " +
        "no outcomes can be received, the answer is a plain 202.",
      examples: ["wait=10"],
    }),
});

const preferenceApplied = z.object({
  "preference-applied": z
    .string()
    .optional()
    .meta({ description: "Sent when `Prefer: wait` was honoured.", examples: ["wait=10"] }),
});

const outcomeNote = "With `Prefer: wait`, the event was accepted, and the problem carries its `receipt`.";
const withReceipt = { receipt: first };

const responses: ZodOpenApiResponsesObject = {
  202: {
    description:
      "Accepted: on Redis' disk. With `Prefer: wait` also when no outcome came in time (`accepted`), or when the " +
      "conversation was not created in that time and the grace is not over yet (`waiting`): the event counts once it is created.",
    headers: preferenceApplied,
    content: {
      "application/json": {
        schema: z.union([accepted, acceptedArray, settled]),
        examples: {
          event: { summary: "one event", value: { status: "accepted", receipt: first } },
          array: { summary: "an array", value: { status: "accepted", receipts: [first, second] } },
          waiting: { summary: "Prefer: wait", value: { status: "waiting", receipt: first } },
        },
      },
    },
  },
  201: {
    description: "With `Prefer: wait`: the creation or message was applied.",
    headers: preferenceApplied,
    content: {
      "application/json": { schema: settled, example: { status: "applied", receipt: first } },
    },
  },
  200: {
    description:
      "With `Prefer: wait`: a close, a status, an update of a contact or an agent's act was applied, or the event repeats an equal one. For an array, the outcome of " +
      "each of its events.",
    headers: preferenceApplied,
    content: {
      "application/json": {
        schema: z.union([settled, results]),
        examples: {
          close: { summary: "a close", value: { status: "applied", receipt: first } },
          duplicate: {
            summary: "a repetition",
            value: { status: "duplicate", receipt: second, duplicate_of: first },
          },
          array: {
            summary: "an array",
            value: {
              results: [
                { status: "applied", receipt: first },
                {
                  status: "rejected",
                  receipt: second,
                  problem: problemOf("CONVERSATION_CLOSED", { receipt: second }),
                },
              ],
            },
          },
        },
      },
    },
  },
  400: problems(
    `The body is not JSON, not valid, or the request is not HTTP: nothing was taken, do not repeat it as it is. ${outcomeNote}`,
    [
      "MALFORMED_JSON",
      "INVALID_EVENT",
      "MALFORMED_REQUEST",
      "CONVERSATION_CLOSED",
      "CONVERSATION_ALREADY_CLOSED",
    ],
    {
      more: {
        MALFORMED_JSON: { errors: [{ path: "", message: "the body is not UTF-8" }] },
        INVALID_EVENT: { errors: [{ path: "[2].data.id", message: "must be a UUID" }] },
        MALFORMED_REQUEST: { detail: "exactly one Host header is required" },
        CONVERSATION_CLOSED: withReceipt,
        CONVERSATION_ALREADY_CLOSED: withReceipt,
      },
    },
  ),
  401: problems(
    "The signature is missing, wrong or too old. Without signature headers this is sent before the body is read.",
    ["SIGNATURE_INVALID"],
    {
      more: { SIGNATURE_INVALID: { detail: "webhook-timestamp is more than 5 minutes off" } },
    },
  ),
  403: problems(
    "An agent's act (`RESOLVE_REJECTION`, `ASSIGN_CONVERSATION`) that is not signed with one of `WEB_SECRETS`: nothing was taken.",
    ["NOT_AN_AGENT"],
    {
      more: {
        NOT_AN_AGENT: {
          errors: [{ path: "type", message: "is an agent's act: it must be signed with one of WEB_SECRETS" }],
        },
      },
    },
  ),
  404: problems(
    `The conversation, or of a status the message, did not come before the grace ended. The event still counts once it does. ${outcomeNote}`,
    ["CONVERSATION_NOT_FOUND", "MESSAGE_NOT_FOUND"],
    { more: { CONVERSATION_NOT_FOUND: withReceipt, MESSAGE_NOT_FOUND: withReceipt } },
  ),
  405: problems("Only POST is supported, see `Allow`.", ["METHOD_NOT_ALLOWED"], {
    headers: z.object({ allow: z.string().meta({ examples: ["POST"] }) }),
    more: { METHOD_NOT_ALLOWED: { detail: "GET: use POST" } },
  }),
  409: problems(outcomeNote, ["CONVERSATION_ALREADY_EXISTS", "MESSAGE_ID_CONFLICT"], {
    more: { CONVERSATION_ALREADY_EXISTS: withReceipt, MESSAGE_ID_CONFLICT: withReceipt },
  }),
  410: problems(
    `Its conversation was erased for good: nothing of it is kept. ${outcomeNote}`,
    ["CONVERSATION_ERASED"],
    {
      more: { CONVERSATION_ERASED: withReceipt },
    },
  ),
  413: problems("The body is over `WEBHOOK_MAX_BYTES` (1 MiB).", ["BODY_TOO_LARGE"], {
    more: { BODY_TOO_LARGE: { detail: "the limit is 1048576 bytes" } },
  }),
  415: problems("Not `application/json` in UTF-8, or compressed.", ["UNSUPPORTED_MEDIA_TYPE"], {
    more: { UNSUPPORTED_MEDIA_TYPE: { detail: "Content-Type must be application/json" } },
  }),
  417: problems("An `Expect` header other than `100-continue`.", ["EXPECTATION_FAILED"]),
  431: problems("More than 16 kB of headers.", ["HEADERS_TOO_LARGE"]),
  500: problems(
    "An internal error. With a `receipt` the event is kept, and an operator can replay it; sending it again is harmless.",
    ["INTERNAL_ERROR"],
  ),
  503: problems(
    "Not known to be accepted: send it again, which is harmless. Redis is not available, too " +
      "many events wait for the workers, the body arrived too slowly, or too many bodies are being read.",
    ["QUEUE_UNAVAILABLE", "BACKLOG_FULL", "TOO_SLOW", "TOO_MANY_BODIES"],
    {
      headers: z.object({ "retry-after": retryAfter }),
      more: {
        QUEUE_UNAVAILABLE: { detail: "the queue is not available" },
        BACKLOG_FULL: { detail: "1000000 events wait, the limit is 1000000" },
      },
    },
  ),
};

const body = z.union([postedEvent, z.array(postedEvent).min(1).max(MAX_EVENTS_PER_REQUEST)]);

function build(): Document {
  return createDocument({
    openapi: OPENAPI_VERSION,
    info: {
      title: "Fio: ingest",
      version: "1",
      description:
        "Takes webhooks, gives each event its receipt and queues it. A 2xx means that the events are on Redis' disk. " +
        "A 4xx without a `receipt` means refused: do not repeat it as it is. Anything else: not known to be accepted, " +
        "send it again; equal events take effect once, however often they are sent.",
    },
    tags: [{ name: "Webhook" }, { name: "Operations" }],
    paths: {
      "/webhook/": {
        post: {
          tags: ["Webhook"],
          summary: "Post one event, or an array of up to 1,000",
          operationId: "postWebhook",
          description:
            "An array is accepted or refused as a whole, with the index of each fault in its `path`. Signed with " +
            "Standard Webhooks' headers or `X-Hub-Signature-256`, where secrets are set. The path works without its " +
            "trailing slash too.",
          requestParams: { header: requestHeaders },
          requestBody: {
            required: true,
            content: {
              "application/json": {
                schema: body,
                examples: {
                  NEW_CONVERSATION: { summary: "a conversation begins", value: creation },
                  NEW_MESSAGE: { summary: "the customer writes", value: received },
                  media: { summary: "the customer sends a photo", value: photo },
                  answer: { summary: "an agent answers, as the web app posts it", value: answer },
                  CLOSE_CONVERSATION: { summary: "it is closed", value: close },
                  UPDATE_CONTACT: { summary: "something new about a customer", value: updated },
                  MESSAGE_STATUS: { summary: "the phone has a message", value: status },
                  RESOLVE_REJECTION: { summary: "an agent has seen to a refusal", value: resolved },
                  ASSIGN_CONVERSATION: { summary: "an agent takes a conversation", value: assigned },
                  array: { summary: "all of it at once", value: [creation, received, close] },
                },
              },
            },
          },
          responses,
          security: [{ standardWebhooks: [] }, { hubSignature: [] }, {}],
        },
      },
      ...operationsPaths,
    },
    components: {
      securitySchemes: {
        standardWebhooks: {
          type: "apiKey",
          in: "header",
          name: "webhook-signature",
          description:
            "`v1,` and the base64 of the HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`; several with a " +
            "space between. `webhook-id` and `webhook-timestamp` (seconds, at most 5 minutes off) belong to it.",
        },
        hubSignature: {
          type: "apiKey",
          in: "header",
          name: "X-Hub-Signature-256",
          description: "`sha256=` and the hex of the HMAC-SHA256 over the body.",
        },
      },
    },
  });
}

let built: Document | undefined;

/** Ingest's OpenAPI 3.1 document, generated from the schemas; built once. */
export function ingestOpenApi(): Document {
  return (built ??= build());
}
