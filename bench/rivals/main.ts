import { createServer, type RequestListener } from "node:http";
import { isRival, RIVALS } from "./index.ts";
import type { Rival } from "./rival.ts";

/*
 * One process of a rival, as bench/systems/rival.ts starts it: RIVAL names it, ROLE says which part. It answers /readyz once
 * it works, and ends by a signal.
 */

const name = process.env["RIVAL"] ?? "";
if (!isRival(name)) throw new Error(`RIVAL: there is none named ${name}`);
const rival: Rival = RIVALS[name];
const servers = {
  redisUrl: process.env["REDIS_URL"] ?? "",
  databaseUrl: process.env["DATABASE_URL"] ?? "",
};

let listener: RequestListener = (_request, response) => void response.writeHead(404).end();
if (process.env["ROLE"] === "worker") await rival.worker?.(servers);
else listener = await rival.intake(servers);

createServer((request, response) => {
  if (request.url === "/readyz") response.writeHead(200).end();
  else listener(request, response);
}).listen(Number(process.env["INGEST_PORT"]), "127.0.0.1");
