import express from "express";
import { webhookBody, type RivalEvent } from "./events.ts";

/** The largest body that Fio takes too. */
const LIMIT = "1mb";

/** What a service answers to a webhook: nothing that an event names may be wrong. */
export type Answer = { status: number; body: object };

/** Express 5 with zod; `take` has the checked events and gives the answer. */
export function expressIntake(take: (events: RivalEvent[]) => Promise<Answer> | Answer): express.Express {
  const app = express();
  // As its guide to performance says of what is not used.
  app.disable("etag").disable("x-powered-by");
  app.use(express.json({ limit: LIMIT }));
  app.post("/webhook/", async (request, response) => {
    const parsed = webhookBody.safeParse(request.body);
    if (!parsed.success) {
      response.status(400).json({ errors: parsed.error.issues });
      return;
    }
    const { status, body } = await take([parsed.data].flat());
    response.status(status).json(body);
  });
  return app;
}

export const ACCEPTED: Answer = { status: 202, body: { status: "accepted" } };
