import { afterEach, expect, test } from "vitest";
import { postgresDatabase, type Database } from "../../support/databases.ts";
import { runDeliveries } from "./run-deliveries.ts";

/* In short; npm run test:deliveries -- --deliveries 100000 is the long form; with --bug, a worker that gives each attempt an id of its own. */

const undo: Database[] = [];
afterEach(async () => {
  for (const one of undo.splice(0)) await one.remove();
});

test("through kills and a receiver in trouble none is lost, doubled or out of order", async () => {
  const database = await postgresDatabase();
  undo.push(database);
  const size = { deliveries: 200, conversations: 20, limitMs: 150_000 };
  const ran = await runDeliveries({ ...size, databaseUrl: database.url, say: () => {} });
  expect(ran).toMatchObject({ accepted: 200, lost: [], doubled: [], outOfOrder: [] });
  expect(ran.breakdowns.length).toBeGreaterThan(1);
}, 200_000);
