import { expect, test } from "vitest";
import { id } from "@fio/contracts";
import { idIn, randomId } from "./id.ts";

test("an id is found in whatever was pasted around it", () => {
  const found = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";
  expect(idIn(`  "${found.toUpperCase()}"\n`)).toBe(found);
  expect(idIn(`http://fio.example/conversations/${found}?state=all`)).toBe(found);
  expect(idIn(`id: ${found.replaceAll("-", "")}.`)).toBe(found);
  expect(idIn("6a41b347-8d80")).toBeNull();
  // Digits of something longer are no id.
  expect(idIn(`${found.replaceAll("-", "")}00`)).toBeNull();
});

test("ids made without crypto.randomUUID are version 4 UUIDs and differ", () => {
  const ids = new Set(Array.from({ length: 500 }, () => randomId()));
  expect(ids.size).toBe(500);
  for (const one of ids) {
    expect(id.safeParse(one).success).toBe(true);
    expect(one).toMatch(/^.{14}4.{4}[89ab]/);
  }
});
