import { expect, test } from "vitest";
import { isJumbo, longText, piecesOf } from "./message-text.ts";

const links = (text: string) =>
  piecesOf(text)
    .filter(({ kind }) => kind === "link")
    .map(({ text: link }) => link);

test("only http and https are links", () => {
  expect(links("veja https://ajuda.example/a?b=1 e http://x.example")).toEqual([
    "https://ajuda.example/a?b=1",
    "http://x.example",
  ]);
  expect(links("javascript:alert(1) data:text/html,x ftp://a.example mailto:a@b.example")).toEqual([]);
});

test("what closes a sentence is not part of an address", () => {
  expect(links("(veja https://a.example/b).")).toEqual(["https://a.example/b"]);
  expect(links("https://a.example/Fio_(linha), ali")).toEqual(["https://a.example/Fio_(linha)"]);
});

test("nothing of the text is lost or changed", () => {
  const text = "  a https://x.example/1, b\n\nhttps://y.example  ";
  expect(
    piecesOf(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});

test("one to seven emoji alone are large", () => {
  expect(isJumbo("👍")).toBe(true);
  expect(isJumbo("🙏😊 👩‍👩‍👧")).toBe(true);
  expect(isJumbo("👍 ok")).toBe(false);
  expect(isJumbo("12")).toBe(false);
  expect(isJumbo("👍".repeat(8))).toBe(false);
});

test("texts of more than ten lines fold, wherever their lines break", () => {
  expect(longText("a\n".repeat(9))).toBe("no");
  expect(longText("a\n".repeat(10))).toBe("certain");
  expect(longText("a".repeat(1_000))).toBe("certain");
  expect(longText("a".repeat(500))).toBe("possible");
  expect(longText(`${"a".repeat(200)}\n`.repeat(3))).toBe("possible");
  expect(longText("a".repeat(200))).toBe("no");
});
