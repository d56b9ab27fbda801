import { expect, test } from "vitest";
import { cpuMs } from "../../../../../test/support/cpu-ms.ts";
import { isJumbo, longText, piecesOf, withoutEdges, type Piece } from "./message-text.ts";

const flat = (pieces: readonly Piece[]): Exclude<Piece, { pieces: unknown }>[] =>
  pieces.flatMap((piece) => ("pieces" in piece ? flat(piece.pieces) : [piece]));
const links = (text: string) =>
  flat(piecesOf(text))
    .filter(({ kind }) => kind === "link")
    .map(({ text: link }) => link);
/** With tags for styles, to be read at a glance. */
const written = (pieces: readonly Piece[]): string =>
  pieces
    .map((piece) =>
      "pieces" in piece
        ? `<${piece.kind}>${written(piece.pieces)}</>`
        : piece.kind === "mono"
          ? `<mono>${piece.text}</>`
          : piece.text,
    )
    .join("");

test("only http and https are links", () => {
  expect(links("veja https://ajuda.example/a?b=1 e http://x.example")).toEqual([
    "https://ajuda.example/a?b=1",
    "http://x.example",
  ]);
  expect(links("javascript:alert(1) data:text/html,x ftp://a.example")).toEqual([]);
});

test("what closes a sentence is not part of an address", () => {
  expect(links("(veja https://a.example/b).")).toEqual(["https://a.example/b"]);
  expect(links("https://a.example/Fio_(linha), ali")).toEqual(["https://a.example/Fio_(linha)"]);
});

test("nothing of the text is lost or changed", () => {
  const text = "  a https://x.example/1, b\n\nhttps://y.example  ";
  expect(
    flat(piecesOf(text))
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});

test("www. and e-mail addresses are links, to https and mailto alone", () => {
  const hrefs = flat(piecesOf("www.loja.example/a, escreva a ana.b+c@loja.example. x@y @z www.")).flatMap(
    (piece) => (piece.kind === "link" ? [piece.href] : []),
  );
  expect(hrefs).toEqual(["https://www.loja.example/a", "mailto:ana.b+c@loja.example"]);
  expect(links("https://user@www.loja.example/a_b_c")).toEqual(["https://user@www.loja.example/a_b_c"]);
});

test.each([
  ["*negrito* e _itálico_, ~não~", "<bold>negrito</> e <italic>itálico</>, <strike>não</>"],
  ["*_os dois_*", "<bold><italic>os dois</></>"],
  ["(*assim*)!", "(<bold>assim</>)!"],
  ["```um\n*dois*```", "<mono>um\n*dois*</>"],
  ["*veja https://a.example/b_c_d*", "<bold>veja https://a.example/b_c_d</>"],
  // Inside words, links, over lines, with a space, alone or empty, a sign is a letter like others.
  ...[
    "nome_de_arquivo",
    "2*3*4",
    "2 * 3 * 4",
    "* a *",
    "*a",
    "a*",
    "**",
    "****",
    "*a\nb*",
    "https://a.example/_b_",
    "``` ```",
    "```a",
  ].map((text) => [text, text]),
])("the style of %j is WhatsApp's", (text, expected) => {
  expect(written(piecesOf(text))).toBe(expected);
});

test("the longest texts are read in no time, whatever signs they are made of", () => {
  for (const part of ["*a ", "a", "*_~", "www.", "a@", "```", "*a* ", "_*a"]) {
    const text = part.repeat(Math.floor(65_000 / part.length));
    expect(
      cpuMs(() => piecesOf(text)),
      part,
    ).toBeLessThan(1_000);
  }
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

test("blank lines around a text are not drawn, the spaces that set its first line in are", () => {
  expect(withoutEdges("\n \n\n  Bom dia\n\n  Ana \n\n")).toBe("  Bom dia\n\n  Ana");
  expect(withoutEdges("\r\n\r\nOi")).toBe("Oi");
  const blank = " \n".repeat(30_000);
  const cost = cpuMs(() => expect(withoutEdges(`${blank}a${blank}b${blank}`)).toBe(`a${blank}b`));
  expect(cost).toBeLessThan(1_000);
});
