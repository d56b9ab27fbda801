import { expect, test } from "vitest";
import { handleNumberOf, handleOf, HANDLES, wordsOfHandle } from "./handle.ts";

test("the handles are those of the visual reference", () => {
  expect(handleOf("6a41b347-8d80-4ce9-84ba-7af66f369f6a")).toEqual({
    name: "Bambu Nobre",
    tail: "9f6a",
    initials: "BN",
    hue: 4,
  });
  expect(handleOf("eeae2897-c532-4c04-86c7-10253f955f95")).toMatchObject({
    name: "Pipa Invernal",
    tail: "5f95",
    hue: 4,
  });
  expect(handleOf("a042388a-4fda-4d68-ac34-fdf4dd9b7d88")).toMatchObject({
    name: "Chapada Nobre",
    tail: "7d88",
    hue: 6,
  });
  expect(handleOf("d8446eb1-bbb1-4f8a-8a21-46c2603c7c9b")).toMatchObject({
    name: "Angico Estelar",
    tail: "7c9b",
    hue: 5,
  });
});

test("an id names the same conversation in either case", () => {
  const id = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";
  expect(handleOf(id.toUpperCase())).toEqual(handleOf(id));
});

test("the number of a name is what the store keeps: it never changes", () => {
  expect(
    [
      "6a41b347-8d80-4ce9-84ba-7af66f369f6a",
      "EEAE2897-c532-4c04-86c7-10253f955f95",
      "a042388a-4fda-4d68-ac34-fdf4dd9b7d88",
    ].map(handleNumberOf),
  ).toEqual([1997, 950, 2007]);
});

test("every number has a name of its own, of two words", () => {
  const names = Array.from({ length: HANDLES }, (_, number) => wordsOfHandle(number));
  expect(names.every(({ noun, qualifier }) => noun !== "" && qualifier !== "")).toBe(true);
  expect(new Set(names.map(({ noun, qualifier }) => `${noun} ${qualifier}`)).size).toBe(HANDLES);
});
