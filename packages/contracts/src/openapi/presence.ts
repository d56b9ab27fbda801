import { z } from "zod";
import type { ZodOpenApiPathsObject, ZodOpenApiResponsesObject } from "zod-openapi";
import { presenceBody, presentAgent } from "../presence.ts";
import { idPath, sight } from "../reading.ts";
import { problems } from "./parts.ts";
import { body, ended, invalid, json, ofSession, tooLarge } from "./accounts.ts";

const hidden = problems("The agent may not see the conversation (`AGENTS_SEE=own`).", [
  "CONVERSATION_NOT_FOUND",
]);

/** Who may see a conversation. `common`: problems of every data route. */
export const sightPaths = (common: ZodOpenApiResponsesObject): ZodOpenApiPathsObject => ({
  "/conversations/{id}/sight": {
    get: {
      tags: ["Conversations"],
      summary: "Ask whether one may see a conversation",
      operationId: "seesConversation",
      description:
        "One read by its key, which needs no Redis. One that does not exist yet may be seen. The web app asks before it posts " +
        "what an agent does who is held to their own.",
      requestParams: { ...ofSession, path: idPath },
      responses: {
        ...common,
        200: json("One may.", sight, { conversation_id: "6a41b347-8d80-4ce9-84ba-7af66f369f6a" }),
        400: invalid,
        401: ended,
        404: hidden,
      },
    },
  },
});

/** Who has a conversation before them. `common`: problems of every data route. */
export const presencePaths = (common: ZodOpenApiResponsesObject): ZodOpenApiPathsObject => ({
  "/conversations/{id}/presence": {
    post: {
      tags: ["Live"],
      summary: "Say that one has a conversation before oneself, or has left it",
      operationId: "notePresence",
      description:
        "Counts for 25 seconds, so say it again every 10. Two tabs of one agent are one. It is kept in Redis alone, and whether " +
        "there is such a conversation is not looked at.",
      requestParams: { ...ofSession, path: idPath },
      requestBody: body(presenceBody, { tab: "5a1d0f6f3f01", doing: "writing" }),
      responses: {
        ...common,
        200: json("Who has it before them now, the asking agent too.", z.array(presentAgent), [
          { id: "0198a5c6-1df2-4b7e-9c57-5a1d0f6f3f01", name: "Ana Lima", writing: true, lasts_ms: 25_000 },
        ]),
        400: invalid,
        401: ended,
        404: hidden,
        413: tooLarge,
      },
    },
  },
});
