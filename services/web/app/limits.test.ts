import { expect, test } from "vitest";
import * as contracts from "@fio/contracts";
import { MAX_CONTENT_UNITS, QUERY_MAX_UNITS } from "./limits.ts";

test("limits are those that ingest and the read API enforce", () => {
  expect(QUERY_MAX_UNITS).toBe(contracts.QUERY_MAX_UNITS);
  expect(MAX_CONTENT_UNITS).toBe(contracts.MAX_CONTENT_UNITS);
});
