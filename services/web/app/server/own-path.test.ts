import { expect, test } from "vitest";
import { ownPath } from "./own-path.server.ts";

test.each(["/", "/conversations/x?state=all", "/search?q=a%2Fb"])("%s leads back there", (path) => {
  expect(ownPath(path)).toBe(path);
});

test.each([
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "https://evil.example",
  "evil",
  "",
  null,
  "javascript:alert(1)",
  "/.//evil.example",
  "/x/..//evil.example",
  "/%2e//evil.example",
  "/x/%2E%2e//evil.example",
])("%j leads home, never to another site", (path) => {
  expect(ownPath(path)).toBe("/");
});
