import { expect, test } from "vitest";
import { askedIn, filtersOf, firstQuery, searchPath } from "./query.ts";

test("an address says what is looked for and in what, and comes out as it went in", () => {
  const path = "/search?q=a%26b&from=2025-02-01&to=2025-02-21&state=CLOSED&direction=SENT";
  const asked = askedIn(new URL(path, "http://x").searchParams);
  expect(searchPath(asked)).toBe(path);
  expect(filtersOf(asked, "America/Sao_Paulo")).toEqual({
    from: "2025-02-01-03:00",
    to: "2025-02-21-03:00",
    state: "CLOSED",
    direction: "SENT",
    group: "conversation",
  });
});

test("what no filter can be is none, and the words are at most as long as may be asked", () => {
  const asked = askedIn(
    new URLSearchParams({ q: ` ${"x".repeat(2_000)}`, from: "ontem", state: "open", direction: "x" }),
  );
  expect(asked).toEqual({ q: "x".repeat(1_000), from: "", to: "", state: "", direction: "", each: false });
  expect(searchPath({ ...asked, q: "x" }, "cursor=a")).toBe("/search?q=x&page=cursor%3Da");
  expect(firstQuery({ ...asked, q: "x", each: true }, "UTC")).toBe("q=x&limit=50");
});
