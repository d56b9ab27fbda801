import { expect, test } from "vitest";
import * as contracts from "@fio/contracts";
import { MAX_CONTENT_UNITS } from "./limits.ts";

test("the composer's limit is the one that ingest enforces", () => {
  expect(MAX_CONTENT_UNITS).toBe(contracts.MAX_CONTENT_UNITS);
});
