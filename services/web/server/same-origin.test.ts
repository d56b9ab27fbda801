import { expect, test } from "vitest";
import { isSameOrigin } from "./same-origin.ts";

const sent = (headers: Record<string, string>, method = "POST") => {
  const request = new Request("http://fio.example/conversations", { method });
  // `host` is a name that the constructor does not take.
  return isSameOrigin({
    method,
    headers: new Headers({ host: "fio.example", ...headers }),
    url: request.url,
  } as Request);
};

test("a form of another site is refused, ours and those of no browser are taken", () => {
  expect(sent({ origin: "http://fio.example" })).toBe(true);
  expect(sent({})).toBe(true);
  expect(sent({ origin: "http://evil.example" })).toBe(false);
  expect(sent({ origin: "null" })).toBe(false);
  expect(sent({ origin: "http://fio.example:81" })).toBe(false);
  expect(sent({ "sec-fetch-site": "cross-site", origin: "http://fio.example" })).toBe(false);
  expect(sent({ "sec-fetch-site": "same-site" })).toBe(false);
  expect(sent({ "sec-fetch-site": "same-origin" })).toBe(true);
});

test("reading is open to links from anywhere", () => {
  expect(sent({ origin: "http://evil.example", "sec-fetch-site": "cross-site" }, "GET")).toBe(true);
});
