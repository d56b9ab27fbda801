import { z } from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from "zod-openapi";
import { SESSION_HEADER } from "../account.ts";
import { POSITION_HEADER, liveFrame, streamPosition } from "../change.ts";
import {
  contact,
  conversation,
  conversationRow,
  erasedEvent,
  erasure,
  eventOutcome,
  historyEntry,
  rejection,
  searchHit,
} from "../conversation.ts";
import { failedDelivery, messageDelivery } from "../delivery.ts";
import { contactPath } from "../event.ts";
import type { Problem, ProblemCode } from "../problem.ts";
import {
  contactQuery,
  counts,
  deliveriesQuery,
  erasuresQuery,
  messagePath,
  eventPath,
  historyQuery,
  idPath,
  listQuery,
  receiptPath,
  rejectionsQuery,
  replayQuery,
  replayed,
  replayedMany,
  searchQuery,
  streamQuery,
  threadQuery,
} from "../reading.ts";
import { SEARCHED_HEADER } from "../search.ts";
import { timestamp } from "../timestamp.ts";
import * as example from "./conversations-examples.ts";
import { accountPaths, ended } from "./accounts.ts";
import { presencePaths, sightPaths } from "./presence.ts";
import { secondFactorPaths } from "./second-factor.ts";
import { OPENAPI_VERSION, operationsPaths, problems, retryAfter } from "./parts.ts";

type Document = ReturnType<typeof createDocument>;

const link = (rel: "next" | "prev", parameter: string) =>
  z
    .string()
    .optional()
    .meta({
      description:
        `\`<…>; rel="${rel}"\` when there is more, as a reference relative to this host: the same call with the next ` +
        `\`${parameter}\`.`,
      examples: [`</conversations/?limit=50&${parameter}=WyIyMDI1…>; rel="${rel}"`],
    });

const positionHeader = {
  [POSITION_HEADER]: streamPosition.optional().meta({
    description:
      "The stream position that the snapshot was read after: with `GET /stream?after=` there is no gap between the " +
      "two. Not sent until the process has read the stream once since its start.",
  }),
};

const threadLinks = z
  .string()
  .optional()
  .meta({
    description:
      '`<…>; rel="prev"` when there are older messages, `<…>; rel="next"` when there are newer ones: the same call with ' +
      "`before` or `after`. A page `before` a place links back only, one `after` a place onward only; the latest page " +
      "has nothing newer.",
    examples: [
      '</conversations/6a41b347-8d80-4ce9-84ba-7af66f369f6a/?before=WyIyMDI1…>; rel="prev", ' +
        '</conversations/6a41b347-8d80-4ce9-84ba-7af66f369f6a/?after=WyIyMDI1…>; rel="next"',
    ],
  });

const searchLinks = z
  .string()
  .optional()
  .meta({
    description:
      '`<…>; rel="next"` when there is more; `<…>; rel="related"` when more conversations are named than the first page ' +
      "shows: the same search with `kind=conversation`.",
    examples: [
      '</search?q=morro&cursor=WyIyMDI1…>; rel="next", ' +
        '</search?q=morro&kind=conversation&cursor=WyIyMDI1…>; rel="related"',
    ],
  });

const invalid = (path: string, message: string) =>
  problems("A parameter is not valid or not known; `errors` names each.", ["INVALID_PARAMETER"], {
    more: { INVALID_PARAMETER: { errors: [{ path, message }] } },
  });
const badCursor = invalid("cursor", "must be a cursor from a Link header of this list");

/** Problems that every data route may answer, in addition to its own. */
const common = {
  401: problems("The bearer token is missing or wrong, where tokens are set.", ["UNAUTHORIZED"], {
    headers: z.object({ "www-authenticate": z.string().meta({ examples: ['Bearer realm="fio"'] }) }),
  }),
  405: problems("The method is not supported; `Allow` lists those that are.", ["METHOD_NOT_ALLOWED"], {
    headers: z.object({ allow: z.string().meta({ examples: ["GET, HEAD"] }) }),
    more: { METHOD_NOT_ALLOWED: { detail: "PUT: use GET, HEAD" } },
  }),
  500: problems("An internal error.", ["INTERNAL_ERROR"]),
  503: problems("The store is not available: try again later.", ["STORE_UNAVAILABLE"], {
    headers: z.object({ "retry-after": retryAfter }),
  }),
};

const storeOrQueueAway = problems(
  "The store or the queue is not available: try again later.",
  ["STORE_UNAVAILABLE", "QUEUE_UNAVAILABLE"],
  { headers: z.object({ "retry-after": retryAfter }) },
);

const json = (
  description: string,
  schema: z.ZodType,
  value: unknown,
  headers: Record<string, z.ZodType> = {},
): ZodOpenApiResponseObject => ({
  description,
  ...(Object.keys(headers).length === 0 ? {} : { headers: z.object(headers) }),
  content: { "application/json": { schema, example: value } },
});

const notFound = (
  description: string,
  code: ProblemCode,
  more?: Pick<Problem, "detail">,
): ZodOpenApiResponseObject =>
  problems(description, [code], more === undefined ? {} : { more: { [code]: more } });

const erased = problems("The conversation was erased for good, and stays so.", ["CONVERSATION_ERASED"]);

const get = (operation: ZodOpenApiOperationObject): { get: ZodOpenApiOperationObject } => ({
  get: { ...operation, responses: { ...common, ...operation.responses } },
});

const paths: ZodOpenApiPathsObject = {
  "/conversations/": get({
    tags: ["Conversations"],
    summary: "List conversations, newest activity first",
    operationId: "listConversations",
    description:
      "Activity is the creation or the newest message, whichever is later. `waiting=true&order=oldest` lists who waits " +
      "for an answer, the longest wait first; `assigned` whose they are.",
    requestParams: {
      query: listQuery,
      header: z.object({
        [SESSION_HEADER]: z
          .string()
          .optional()
          .meta({ description: "A token of `POST /sessions`, for `assigned=me`." }),
      }),
    },
    responses: {
      200: json("A page of rows.", z.array(conversationRow), [example.row], {
        link: link("next", "cursor"),
        ...positionHeader,
      }),
      400: badCursor,
      401: ended,
    },
  }),
  "/conversations/{id}/": get({
    tags: ["Conversations"],
    summary: "Read a conversation with its latest messages, or those around a message or a time",
    operationId: "readConversation",
    description:
      "In ascending order of (place, `receipt`), which is the order to show them in. At most one of `before`, `after`, " +
      "`around` and `at` says which page; without, it is the latest.",
    requestParams: { path: idPath, query: threadQuery },
    responses: {
      200: json("The row and its messages, read at one moment.", conversation, example.thread, {
        link: threadLinks,
        ...positionHeader,
      }),
      400: invalid("id", "must be a UUID"),
      404: problems(
        "No conversation was created under this id, or not yet; or the message to read around is not in it: in another, " +
          "waiting, refused or never sent.",
        ["CONVERSATION_NOT_FOUND", "MESSAGE_NOT_FOUND"],
      ),
      410: erased,
    },
  }),
  "/conversations/{id}/events": get({
    tags: ["Conversations"],
    summary: "Read a conversation's history",
    operationId: "readHistory",
    description:
      "Every event that is kept, newest receipt first, with its outcome: the creation, the close, messages, and what " +
      "was refused, with what agents did about it, and these acts themselves. Repetitions of an equal event leave no trace.",
    requestParams: { path: idPath, query: historyQuery },
    responses: {
      200: json("A page of events.", z.array(historyEntry), example.history, {
        link: link("next", "cursor"),
      }),
      400: badCursor,
      404: notFound("No conversation was created under this id, or not yet.", "CONVERSATION_NOT_FOUND"),
      410: erased,
    },
  }),
  "/erasures": get({
    tags: ["Conversations"],
    summary: "List conversations that were erased for good",
    operationId: "listErasures",
    description:
      "Oldest first. Whoever keeps anything of conversations asks since they last asked, less an hour, and drops what is " +
      "named here. Who follows the live stream is told by `erased` frames meanwhile.",
    requestParams: { query: erasuresQuery },
    responses: {
      200: json("A page of erasures.", z.array(erasure), example.erasures, { link: link("next", "cursor") }),
      400: invalid(
        "since",
        "must be a real date and time in ISO 8601 with at most 9 fraction digits, e.g. 2025-02-21T10:20:42.349308",
      ),
    },
  }),
  "/counts": get({
    tags: ["Conversations"],
    summary: "Count the conversations in which a customer waits",
    operationId: "readCounts",
    description:
      "Reads at most 100 rows of an index, whatever is stored: up to 99 are counted, and `more` says that there are more.",
    responses: {
      200: json("The counts, read at one moment.", counts, example.counts, positionHeader),
      400: invalid("state", "is not known: this route takes none"),
    },
  }),
  "/contacts/{channel}/{id}/": get({
    tags: ["Contacts"],
    summary: "Read a customer with their conversations",
    operationId: "readContact",
    description:
      "Ids that were joined by `formerly` are one person: each answers with the same name, phone and conversations.",
    requestParams: { path: contactPath, query: contactQuery },
    responses: {
      200: json("The customer.", contact, example.contact, {
        link: link("next", "cursor"),
        ...positionHeader,
      }),
      400: badCursor,
      404: notFound("Nothing was ever said of this contact.", "CONTACT_NOT_FOUND"),
    },
  }),
  "/events/{type}/{id}": get({
    tags: ["Events"],
    summary: "Read the outcome of an event",
    operationId: "readEvent",
    description:
      "Of the applied one of this type and id, else of the one with the lowest receipt; `others` lists up to 99 more. " +
      "An event whose conversation is not known is `waiting`; once the grace (`WAIT_GRACE_SECONDS`) is over it is reported " +
      "as rejected, `CONVERSATION_NOT_FOUND`; it is still applied when the conversation is created. So is a status whose message " +
      "is not known, `MESSAGE_NOT_FOUND`, which is found by its message's id. An assignment is found by its conversation's.",
    requestParams: { path: eventPath },
    responses: {
      200: json(
        "Its outcome; `erased` when its conversation was erased for good.",
        z.union([eventOutcome, erasedEvent]),
        example.eventOutcome,
      ),
      400: invalid(
        "type",
        'Invalid option: expected one of "NEW_CONVERSATION"|"NEW_MESSAGE"|"CLOSE_CONVERSATION"|"MESSAGE_STATUS"|"ASSIGN_CONVERSATION"',
      ),
      404: notFound("Never accepted, or not processed yet.", "EVENT_NOT_FOUND"),
    },
  }),
  "/search": get({
    tags: ["Search"],
    summary: "Search messages, newest first, and find conversations by name or id",
    operationId: "search",
    description:
      "Accents, case, width and style of letters are folded away, in the same way on every database. An id as `q` " +
      "finds its conversation (`message` is null) or the message with its conversation; so does a link that holds one. " +
      "Conversations that the query names come first, newest activity first: by the name that the app shows (beginnings " +
      "of its words, in any order, from two letters on), by the four characters behind it, by a beginning of their id. " +
      "A search that takes too long answers with what it has found, and says how far back it has looked.",
    requestParams: { query: searchQuery },
    responses: {
      200: json("A page of hits.", z.array(searchHit), example.hits, {
        link: searchLinks,
        [SEARCHED_HEADER]: timestamp.optional().meta({
          description:
            "Sent when the search took too long: it has looked no further back than this, and the page may be short or " +
            "empty. `Link` leads on from there.",
        }),
      }),
      400: invalid("q", "must contain a letter, a digit or an emoji"),
    },
  }),
  "/rejections": get({
    tags: ["Rejections"],
    summary: "List accepted events that were refused, newest receipt first",
    operationId: "listRejections",
    description:
      "Events that wait for their conversation are listed once the grace (`WAIT_GRACE_SECONDS`) is over, as " +
      "`CONVERSATION_NOT_FOUND`; they leave the list when it is created. So do statuses that wait for their message, " +
      "`MESSAGE_NOT_FOUND`.",
    requestParams: { query: rejectionsQuery },
    responses: {
      200: json("A page of rejections.", z.array(rejection), example.rejections, {
        link: link("next", "cursor"),
      }),
      400: badCursor,
    },
  }),
  "/rejections/{receipt}": get({
    tags: ["Rejections"],
    summary: "Read one refused event",
    operationId: "readRejection",
    description:
      "`resolution` says what an agent did about it: the act (`RESOLVE_REJECTION`) that was accepted last.",
    requestParams: { path: receiptPath },
    responses: {
      200: json("The event, why it was refused, and its resolution.", rejection, example.rejections[0]),
      400: invalid("receipt", "must be 16 digits"),
      404: notFound(
        "Nothing that was accepted under this receipt is refused, or it still waits within the grace.",
        "REJECTION_NOT_FOUND",
      ),
    },
  }),
  "/deliveries": get({
    tags: ["Deliveries"],
    summary: "List messages that did not leave and were given up, latest first",
    operationId: "listFailedDeliveries",
    description:
      "Where `DELIVERY_URL` is set, what agents write is posted there (docs/operations.md). A refusal by the receiver (4xx) or three days " +
      "without success give a message up; it stays in this list until it is sent once more or marked as seen.",
    requestParams: { query: deliveriesQuery },
    responses: {
      200: json("A page of them.", z.array(failedDelivery), example.failedDeliveries, {
        link: link("next", "cursor"),
      }),
      400: badCursor,
    },
  }),
  "/deliveries/{id}/retry": {
    post: {
      tags: ["Deliveries"],
      summary: "Send a message once more that was given up",
      operationId: "retryDelivery",
      description:
        "By the id of the message. It goes out now, behind what its conversation is sending, and is shown as sent once more.",
      requestParams: { path: messagePath },
      responses: {
        202: json("It waits to be sent.", messageDelivery, { state: "waiting", by_hand: true, version: 3 }),
        400: invalid("id", "must be a UUID"),
        404: notFound("It has no author, or nothing was to leave when it was applied.", "DELIVERY_NOT_FOUND"),
        409: notFound("It waits, has arrived, or is no longer in its conversation.", "NOT_FAILED"),
        ...common,
      },
    },
  },
  "/deliveries/{id}/seen": {
    post: {
      tags: ["Deliveries"],
      summary: "Mark a message as seen that was given up",
      operationId: "markDeliverySeen",
      description:
        "By the id of the message. It is listed and counted no more, and its conversation goes on showing that it did not leave. " +
        "It can still be sent once more; given up again it is listed again. Repeating it is harmless.",
      requestParams: { path: messagePath },
      responses: {
        200: json("How it stands now.", messageDelivery, {
          ...{ state: "failed", reason: "http_410", seen: true, version: 3 },
        }),
        400: invalid("id", "must be a UUID"),
        404: notFound("It has no author, or nothing was to leave when it was applied.", "DELIVERY_NOT_FOUND"),
        409: notFound("It waits, has arrived, or is no longer in its conversation.", "NOT_FAILED"),
        ...common,
      },
    },
  },
  "/rejections/replay": {
    post: {
      tags: ["Rejections"],
      summary: "Replay the internal errors of a period",
      operationId: "replayRejections",
      description:
        "Queues up to `limit` events that are kept as `INTERNAL_ERROR`, lowest receipt first, each under its own " +
        "receipt; they stay listed until they are tried. Follow the `Link` header while `more` is true. Repeating " +
        "it is harmless.",
      requestParams: { query: replayQuery },
      responses: {
        202: json(
          "In the queue.",
          replayedMany,
          { status: "accepted", queued: 500, more: true },
          { link: link("next", "cursor") },
        ),
        400: invalid("from", "must be given once"),
        403: problems("The session is of an agent who sees their own alone.", ["NOT_AN_ADMIN"]),
        409: notFound("Replaying them would end the same way.", "NOT_REPLAYABLE", {
          detail: "the reason is MESSAGE_ID_CONFLICT",
        }),
        ...common,
        503: storeOrQueueAway,
      },
    },
  },
  "/rejections/{receipt}/replay": {
    post: {
      tags: ["Rejections"],
      summary: "Replay an event that failed with an internal error",
      operationId: "replayRejection",
      description: "It goes to the queue again under its own receipt, and stays listed until it is tried.",
      requestParams: { path: receiptPath },
      responses: {
        202: json("In the queue.", replayed, { status: "accepted", receipt: example.lateReceipt }),
        400: invalid("receipt", "must be 16 digits"),
        404: notFound("Nothing is kept under this receipt.", "REJECTION_NOT_FOUND"),
        409: notFound("Replaying it would end the same way.", "NOT_REPLAYABLE", {
          detail: "the reason is MESSAGE_ID_CONFLICT",
        }),
        ...common,
        503: storeOrQueueAway,
      },
    },
  },
  "/stream": get({
    tags: ["Live"],
    summary: "Follow changes as Server-Sent Events",
    operationId: "stream",
    description: [
      "Each frame's `event` says what its `data` is (JSON): `conversation`, a row of the list; `message` and " +
        "`message_removed`, of the conversations that are followed; and what the stream says about itself: `ready`, " +
        "from here on the client is live; `reset`, what was missed is no longer available, load new snapshots; " +
        "`skipped`, more rows changed than are told one by one, read again the lists that you show; `stalled`, the api " +
        "receives no changes at the moment, `ready` or `reset` follows.",
      "A `rejection` frame, too, goes only to those who follow its conversation: an event of it was refused, was seen to by " +
        "an agent, or (`rejection` is null) is refused no longer.",
      "A `refusals` frame says to everyone that what `GET /rejections` answers has changed, once for each of its kinds and at " +
        "the pace of rows.",
      "A `contact` frame says to everyone what is known of a customer now, at the pace of rows: keep the highest `version` for " +
        "each channel and id.",
      "A `presence` frame says who has a conversation before them, to those who follow it.",
      "Frames may come twice or out of order: keep the highest `version` for each row and each message, removals " +
        "included. Rows are coalesced (latest wins) and sent at most four times a second, at most 200 at a time, the " +
        "most recent first.",
      "A frame has an `id` only when every change before it has been sent. Reconnect with `Last-Event-ID` (browsers " +
        "do) or `?after=` to get what was missed. A comment comes every 15 seconds: a stream that is silent for " +
        "longer is dead. A client that reads too slowly is disconnected, and can resume.",
    ].join("\n\n"),
    requestParams: {
      query: streamQuery,
      header: z.object({
        "last-event-id": streamPosition.optional().meta({ description: "The last `id` that was seen." }),
      }),
    },
    responses: {
      200: {
        description: "The stream, which ends only when either side closes it.",
        content: { "text/event-stream": { schema: liveFrame, example: example.stream } },
      },
      400: invalid("after", "must be a position from the stream or a snapshot, e.g. 1740133242349-0"),
    },
  }),
  ...sightPaths(common),
  ...presencePaths({ ...common, 503: storeOrQueueAway }),
  ...accountPaths(common),
  ...secondFactorPaths(common),
  ...operationsPaths,
};

function build(): Document {
  return createDocument({
    openapi: OPENAPI_VERSION,
    info: {
      title: "Fio: conversations",
      version: "1",
      description:
        "Reads the store and streams its changes live. Every path works with and without its " +
        "trailing slash. Lists are paged with the `Link` header; totals are never counted. Answers must not " +
        "be cached. In production a bearer token is required for all but the operations routes. With `AGENTS_SEE=own` a call " +
        `that brings an agent's session (\`${SESSION_HEADER}\`) is answered of what that agent has and of what nobody has; all else is ` +
        "as if it were not there.",
    },
    tags: [
      "Conversations",
      "Contacts",
      "Events",
      "Search",
      "Rejections",
      "Live",
      "Sign-in",
      "Operations",
    ].map((name) => ({ name })),
    security: [{ bearer: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "One of `API_TOKENS`." },
      },
    },
  });
}

let built: Document | undefined;

/** The read API's OpenAPI 3.1 document, generated from the schemas; built once. */
export function conversationsOpenApi(): Document {
  return (built ??= build());
}
