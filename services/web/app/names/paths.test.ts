import { expect, test } from "vitest";
import { conversationIn, conversationPath, dataPath, listPath, withQuery } from "./paths.ts";

test("a conversation's address says its list, unless that is the usual one, and the message to show", () => {
  expect(conversationPath("1")).toBe("/conversations/1");
  expect(conversationPath("1", { filter: "open" })).toBe("/conversations/1");
  expect(conversationPath("1", { filter: "closed", message: "2" })).toBe(
    "/conversations/1?state=closed&message=2",
  );
  expect(conversationPath("1", { message: undefined })).toBe("/conversations/1");
});

test("the list's address, too, says only what is unusual", () => {
  expect(listPath()).toBe("/");
  expect(listPath({ filter: "open", page: "cursor=a%2Fb" })).toBe("/?page=cursor%3Da%252Fb");
  expect(listPath({ filter: "all" })).toBe("/?state=all");
});

test("what is asked is written so that nothing in it can be taken for something else", () => {
  expect(withQuery("/search", { q: "a & b=c #d", page: null, from: "" })).toBe("/search?q=a+%26+b%3Dc+%23d");
  expect(dataPath.messages("1", { page: null })).toBe("/data/conversations/1/messages");
});

test("which conversation a path shows", () => {
  expect(conversationIn("/conversations/6a41")).toBe("6a41");
  expect(conversationIn("/conversations")).toBeNull();
  expect(conversationIn("/search")).toBeNull();
});
