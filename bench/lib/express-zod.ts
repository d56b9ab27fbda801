import express from "express";
import { postedEvent } from "@fio/contracts";

/**
 * What ingest is held against: a stock Express 5 that parses one event, checks it with the same schema, and answers. It
 * keeps nothing.
 */
const app = express();
app.use(express.json());
app.post("/webhook/", (request, response) => {
  const parsed = postedEvent.safeParse(request.body);
  if (parsed.success) response.status(202).json({ status: "accepted" });
  else response.status(400).json({ issues: parsed.error.issues });
});
app.get("/readyz", (_request, response) => {
  response.json({ status: "ready" });
});
app.listen(Number(process.env["INGEST_PORT"]), "127.0.0.1");
